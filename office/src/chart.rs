//! What pictures of amounts share: places in tenths of a pixel, text that SVG may hold, a scale of
//! round dollars. No floats, and nothing is told by colour alone.

use deminimis_law::money::Cents;
use std::fmt::Write;

/// The colour of lines and letters.
pub const INK: &str = "#1a1a1a";

/// Tenths of a pixel as SVG writes them.
#[must_use]
pub fn px(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// Text as it may stand in an element or attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A picture being drawn. Writing to its text does not fail.
#[derive(Debug, Default)]
pub struct Drawing(String);

impl Drawing {
    /// A line of text at a place; `class` is `h`, `b`, `r` (ends there), `m` (middle) or `n`.
    pub fn text(&mut self, (x, y): (i64, i64), class: &str, said: &str) {
        let (x, y, said) = (px(x), px(y), escape(said));
        let _ = writeln!(
            self.0,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{said}</text>"
        );
    }

    /// A filled box with a title that says in words what it shows.
    pub fn area(
        &mut self,
        (x, y): (i64, i64),
        (width, height): (i64, i64),
        fill: &str,
        said: &str,
    ) {
        let _ = writeln!(
            self.0,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\"><title>{}</title></rect>",
            px(x),
            px(y),
            px(width.max(0)),
            px(height.max(0)),
            escape(said)
        );
    }

    /// A straight line; `dash` is an SVG dash pattern, empty for none.
    pub fn line(&mut self, from: (i64, i64), to: (i64, i64), width: &str, dash: &str) {
        let dash = match dash {
            "" => String::new(),
            dash => format!(" stroke-dasharray=\"{dash}\""),
        };
        let _ = writeln!(
            self.0,
            "<path d=\"M{},{} L{},{}\" stroke=\"{INK}\" stroke-width=\"{width}\"{dash} fill=\"none\"/>",
            px(from.0),
            px(from.1),
            px(to.0),
            px(to.1)
        );
    }

    /// The whole picture.
    #[must_use]
    pub fn page(self, title: &str, desc: &str, (width, height): (i64, i64)) -> String {
        let (width, height) = (px(width), px(height));
        let (title, desc, body) = (escape(title), escape(desc), self.0);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"desc\">{desc}</desc>\n\
             <style>{STYLE}</style>\n{PATTERNS}\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
             <text class=\"h\" x=\"20\" y=\"34\">{title}</text>\n{body}</svg>\n"
        )
    }
}

const STYLE: &str = "text{font-family:system-ui,'DejaVu Sans',Arial,sans-serif;font-size:13px;\
fill:#1a1a1a}.h{font-size:18px;font-weight:bold}.b{font-weight:bold}.r{text-anchor:end}\
.m{text-anchor:middle}";

const PATTERNS: &str = "<defs>\n\
<pattern id=\"rise\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">\
<rect width=\"7\" height=\"7\" fill=\"#fdc086\"/>\
<path d=\"M-1,8 L8,-1\" stroke=\"#1a1a1a\" stroke-opacity=\"0.6\"/></pattern>\n\
<pattern id=\"cross\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
<path d=\"M0,0 L8,8 M0,8 L8,0\" stroke=\"#1a1a1a\" stroke-opacity=\"0.35\"/></pattern>\n\
<pattern id=\"dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
<rect width=\"6\" height=\"6\" fill=\"#cdeccd\"/>\
<circle cx=\"3\" cy=\"3\" r=\"1.2\" fill=\"#1a1a1a\" fill-opacity=\"0.5\"/></pattern>\n\
<pattern id=\"level\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
<rect width=\"6\" height=\"6\" fill=\"#c6c3e8\"/>\
<path d=\"M0,3 H6\" stroke=\"#1a1a1a\" stroke-opacity=\"0.5\"/></pattern>\n</defs>\n";

/// A scale of amounts from nothing to a round number of dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Dollars, in cents, between two marks.
    pub mark: i64,
    /// How many marks there are above nothing.
    pub marks: i64,
}

impl Scale {
    /// A scale that holds `most`, with at most six marks at 1, 2 or 5 times a power of ten.
    #[must_use]
    pub fn to(most: Cents) -> Scale {
        let most = most.0.max(100);
        let mut mark = 100;
        for factor in [2, 5, 10].into_iter().cycle() {
            if most <= mark * 6 {
                break;
            }
            // From 1 to 2, to 5, to 10 times the same power of ten.
            mark = match factor {
                2 => mark * 2,
                5 => mark / 2 * 5,
                _ => mark * 2,
            };
        }
        Scale {
            mark,
            marks: (most + mark - 1) / mark,
        }
    }

    /// How high an amount stands on a scale that is `height` high.
    #[must_use]
    pub fn height(&self, amount: Cents, height: i64) -> i64 {
        let all = i128::from(self.mark * self.marks);
        let place = i128::from(amount.0.max(0)).min(all) * i128::from(height) / all.max(1);
        i64::try_from(place).unwrap_or(height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_marks_and_holds_all() {
        for (most, mark, marks) in [
            (0, 100, 1),
            (599, 100, 6),
            (601, 200, 4),
            (1_737, 500, 4),
            (5_000, 1_000, 5),
            (123_456, 50_000, 3),
        ] {
            assert_eq!(Scale::to(Cents(most)), Scale { mark, marks }, "{most}");
        }
        let scale = Scale::to(Cents(1_737));
        assert_eq!(scale.height(Cents(1_000), 400), 200);
        assert_eq!(scale.height(Cents(-5), 400), 0);
        assert_eq!(scale.height(Cents(9_999_999), 400), 400);
    }

    #[test]
    fn text_cannot_break_out() {
        assert_eq!(escape("a<b>&\"c\""), "a&lt;b&gt;&amp;&quot;c&quot;");
        assert_eq!((px(-5), px(123)), ("-0.5".to_owned(), "12.3".to_owned()));
    }
}
