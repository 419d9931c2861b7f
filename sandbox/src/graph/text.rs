//! Bodies as HTML and as text. Owns the conversion both ways, as far as a sandbox needs it.

use serde_json::{Value, json};

use crate::world::event::Body;

/// An itemBody: HTML unless text is preferred, whatever was stored.
pub(crate) fn body(body: &Body, text: bool) -> Value {
    if text {
        return json!({ "contentType": "text", "content": plain(body) });
    }
    let content = match (body.html, body.content.is_empty()) {
        (_, true) => String::new(),
        (true, _) if body.content.to_ascii_lowercase().contains("<html") => body.content.clone(),
        (true, _) => page(&body.content),
        (false, _) => page(&escape(&body.content).replace('\n', "<br>\r\n")),
    };
    json!({ "contentType": "html", "content": content })
}

fn page(content: &str) -> String {
    let meta = "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">";
    format!("<html>\r\n<head>\r\n{meta}\r\n</head>\r\n<body>\r\n{content}\r\n</body>\r\n</html>\r\n")
}

/// Text for use inside HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text of a body, without marks.
pub(crate) fn plain(body: &Body) -> String {
    if !body.html {
        return body.content.clone();
    }
    let start = body.content.find("<body").unwrap_or(0);
    let mut text = String::new();
    let mut inside = false;
    for letter in body.content.get(start..).unwrap_or_default().chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            letter if !inside => text.push(letter),
            _ => {}
        }
    }
    let text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    text.trim().to_owned()
}

/// The first 255 letters of a body's text.
pub(crate) fn preview(body: &Body) -> String {
    plain(body).chars().take(255).collect()
}

/// Whether a text has all the words of a `$search`, in any order and case, each as the beginning of a word or inside one.
pub(crate) fn has_words(text: &str, search: &str) -> bool {
    let text = text.to_lowercase();
    search.replace('"', " ").to_lowercase().split_whitespace().all(|word| text.contains(word))
}
