//! Rust source with everything blanked that is not code. Owns telling comments and literals from code; understands nothing else.

use std::iter::repeat_n;

/// `text` with comments, and the insides of string and character literals, replaced by spaces. Line breaks stay, so that line numbers do.
pub(super) fn blanked(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (kept, blank) = match letter {
            '/' if rest.starts_with("//") => (0, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (0, block_comment(rest)),
            'r' | 'b' if !ends_in_word(&output) => match raw_string(rest) {
                Some(length) => (0, length),
                None => (1, 0),
            },
            '"' => (0, quoted(rest, '"')),
            '\'' => (0, character(rest)),
            _ => (letter.len_utf8(), 0),
        };
        output.push_str(&rest[..kept]);
        let (gone, after) = rest[kept..].split_at(blank);
        if kept == 0 && blank == 1 {
            // A lifetime's quote.
            output.push('\'');
        } else {
            blank_out(gone, &mut output);
        }
        rest = after;
    }
    output
}

/// Keeps quotes, so that a literal stays visible as one, and line breaks.
fn blank_out(gone: &str, output: &mut String) {
    let is_string = !gone.starts_with('/');
    for letter in gone.chars() {
        match letter {
            '\n' => output.push('\n'),
            '"' if is_string => output.push('"'),
            _ => output.extend(repeat_n(' ', letter.len_utf8())),
        }
    }
}

fn ends_in_word(output: &str) -> bool {
    output.chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

/// The length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of `r"…"`, `br#"…"#` and the like, if `rest` begins with one.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let inside = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(rest.len() - inside.len() + length)
}

/// The length of a literal between `quote`s, with its escapes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal; 1 for the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut letters = rest.chars().skip(1);
    match (letters.next(), letters.next()) {
        (Some('\\'), _) => quoted(rest, '\''),
        (Some(letter), Some('\'')) => letter.len_utf8() + 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::blanked;

    fn check(text: &str, expected: &str) {
        let blanked = blanked(text);
        assert_eq!(blanked, expected);
        assert_eq!((blanked.len(), blanked.lines().count()), (text.len(), text.lines().count()));
    }

    #[test]
    fn comments_go_and_lines_stay() {
        check("a // b\nc", "a     \nc");
        check("a /* b /* c */ d\n */ e", "a               \n    e");
        check("//! web_sys\nuse x;", "           \nuse x;");
    }

    #[test]
    fn insides_of_literals_go() {
        check(r#"f("a\"b", c)"#, r#"f("  " ", c)"#);
        check("r#\"a\"b\"# c", "  \" \" \"  c");
        check(r"('a', '\'', 'x: &'a str)", r"(   ,     , 'x: &'a str)");
        check("for_r\"x\"", "for_r\" \"");
    }

    #[test]
    fn an_unfinished_literal_ends_with_the_file() {
        check("\"abc", "\"   ");
        check("/* abc", "      ");
    }
}
