//! Numbers as texts write them. Owns reading a decimal number; whole ones are read by the standard library.

/// A decimal number as JSON writes it, such as `-12.5e3`; none where it is something else or too large.
///
/// Whole numbers of up to 15 digits are exact, others right to twelve digits. The standard library rounds better, with tables that would
/// weigh more in the wasm than everything else that is known about numbers.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        value = value * 10.0 + f64::from(char::from(byte).to_digit(10)?);
    }
    let exponent = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10_f64.powi(exponent.abs());
    let value = if exponent < 0 { value / power } else { value * power };
    (value.is_finite()).then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".", "e3", "1e", "1.2.3", "0x10", "NaN", "inf", "1e999", "--1", "1 2", "٣"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whole_numbers_are_exact(number in -999_999_999_999_999_i64..=999_999_999_999_999) {
            prop_assert_eq!(decimal(&number.to_string()), Some(number as f64));
        }

        #[test]
        fn all_others_are_right_to_twelve_digits(number in -1e200_f64..1e200, exponent in -20..20) {
            for text in [format!("{number:e}"), format!("{}", number / 1e200), format!("{}e{exponent}", number / 1e198)] {
                let exact: f64 = text.parse().unwrap_or_default();
                let read = decimal(&text).unwrap_or(f64::NAN);
                prop_assert!((read - exact).abs() <= exact.abs() * 1e-12, "{}: {} instead of {}", text, read, exact);
            }
        }
    }
}
