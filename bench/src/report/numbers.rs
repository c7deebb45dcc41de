//! Numbers as people read them.

use std::time::Duration;

/// With a comma between the thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A rate: whole above 100, with one decimal below.
pub(super) fn rate(per_second: f64) -> String {
    if per_second < 100.0 {
        return format!("{per_second:.1}");
    }
    grouped(per_second.round() as u64)
}

/// A time in milliseconds, to three digits.
pub(super) fn time(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1_000.0;
    match ms {
        100.0.. => format!("{} ms", grouped(ms.round() as u64)),
        10.0.. => format!("{ms:.1} ms"),
        1.0.. => format!("{ms:.2} ms"),
        _ => format!("{ms:.3} ms"),
    }
}

/// A time in microseconds, to two digits behind the point.
pub(super) fn micros(time: Duration) -> String {
    format!("{:.2} µs", time.as_secs_f64() * 1e6)
}

/// Memory in MB (millions of bytes), from KiB.
pub(super) fn megabytes(kib: u64) -> String {
    format!("{:.1} MB", (kib * 1024) as f64 / 1e6)
}

/// A part of 1, to two digits that count.
pub(super) fn ratio(part: f64) -> String {
    match part {
        0.1.. => format!("{part:.2}"),
        0.01.. => format!("{part:.3}"),
        _ => format!("{part:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(123_456_789), "123,456,789");
    }

    #[test]
    fn digits_are_as_many_as_mean_something() {
        assert_eq!(rate(71_234.4), "71,234");
        assert_eq!(rate(42.25), "42.2");
        assert_eq!(time(Duration::from_micros(123)), "0.123 ms");
        assert_eq!(time(Duration::from_micros(12_345)), "12.3 ms");
        assert_eq!(time(Duration::from_millis(1_234)), "1,234 ms");
        assert_eq!(micros(Duration::from_nanos(1_234)), "1.23 µs");
        assert_eq!(ratio(0.2512), "0.25");
        assert_eq!(ratio(0.0512), "0.051");
        assert_eq!(ratio(0.004_99), "0.0050");
        assert_eq!(megabytes(1_000_000), "1024.0 MB");
    }
}
