//! The page `index.html` as a list of assets. Owns finding and replacing its `<link data-trunk …>` elements, so that one page serves
//! Trunk and our own build; what becomes of each asset is decided by `bundle`.

use anyhow::{Context, Result, bail};

/// One `<link data-trunk …>`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    attributes: Vec<(String, String)>,
}

impl Link {
    /// The value of an attribute; empty for one without a value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that this kind of link cannot do without.
    pub(crate) fn need(&self, name: &str) -> Result<&str> {
        self.get(name).with_context(|| format!("index.html: a link with rel=\"{}\" lacks {name}", self.get("rel").unwrap_or_default()))
    }
}

/// Replaces every `<link data-trunk …>` of `page` by what `replace` makes of it, and drops comments.
pub(crate) fn rewrite(page: &str, mut replace: impl FnMut(&Link) -> Result<String>) -> Result<String> {
    let page = without_comments(page)?;
    let mut output = String::with_capacity(page.len());
    let mut rest = page.as_str();
    while let Some(start) = rest.find("<link") {
        let end = start + rest[start..].find('>').context("index.html: a <link is never closed")?;
        let link = parse(&rest[start + "<link".len()..end])?;
        if link.get("data-trunk").is_none() {
            output.push_str(&rest[..=end]);
            rest = &rest[end + 1..];
            continue;
        }
        let replacement = replace(&link)?;
        let before = &rest[..start];
        rest = &rest[end + 1..];
        if replacement.is_empty() {
            // The line of a link that leaves nothing behind goes with it.
            output.push_str(before.trim_end_matches(' '));
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        } else {
            let indentation = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
            output.push_str(before);
            output.push_str(&replacement.replace('\n', &format!("\n{indentation}")));
        }
    }
    output.push_str(rest);
    Ok(output)
}

fn without_comments(page: &str) -> Result<String> {
    let mut output = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find("<!--") {
        let end = rest[start..].find("-->").context("index.html: a comment is never closed")?;
        output.push_str(rest[..start].trim_end_matches(' '));
        rest = &rest[start + end + "-->".len()..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    output.push_str(rest);
    Ok(output)
}

/// Reads `name`, `name="value"` and the closing slash of a void element.
fn parse(inside: &str) -> Result<Link> {
    let mut attributes = Vec::new();
    let mut rest = inside.trim().trim_end_matches('/').trim_end();
    while !rest.is_empty() {
        let name_end = rest.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..name_end].to_ascii_lowercase();
        rest = &rest[name_end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').with_context(|| format!("index.html: the value of {name} is never closed"))?;
            value = &quoted[..end];
            rest = &quoted[end + 1..];
        } else if rest.starts_with('=') {
            bail!("index.html: the value of {name} wants double quotes");
        }
        attributes.push((name, value.to_owned()));
        rest = rest.trim_start();
    }
    Ok(Link { attributes })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    #[test]
    fn links_are_replaced_in_place_and_others_left() {
        let page = "<head>\n  <!-- why -->\n  <link rel=\"a\">\n  <link data-trunk rel=\"css\" href=\"x.css\"/>\n  <link data-trunk rel=\"copy-file\" href=\"y\">\n</head>";
        let mut seen = Vec::new();
        let output = rewrite(page, |link| {
            seen.push((link.need("rel")?.to_owned(), link.need("href")?.to_owned()));
            Ok(if link.get("rel") == Some("css") { "<one>\n<two>".to_owned() } else { String::new() })
        });
        assert_eq!(output.unwrap(), "<head>\n  <link rel=\"a\">\n  <one>\n  <two>\n</head>");
        assert_eq!(seen, [("css".to_owned(), "x.css".to_owned()), ("copy-file".to_owned(), "y".to_owned())]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = |page: &str| rewrite(page, |link| link.need("href").map(str::to_owned)).unwrap_err().to_string();
        assert!(error("<link data-trunk rel=\"css\">").contains("rel=\"css\" lacks href"));
        assert!(error("<link data-trunk href=x>").contains("double quotes"));
        assert!(error("<link data-trunk href=\"x>").contains("never closed"));
    }
}
