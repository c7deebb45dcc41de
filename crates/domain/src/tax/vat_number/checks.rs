//! The check digits of each state. Each function is asked only about numbers that have the state's form, without its letters.

/// The digits' values; a letter counts as nothing.
fn digits(number: &[u8]) -> impl Iterator<Item = u32> + Clone + '_ {
    number.iter().map(|c| if c.is_ascii_digit() { u32::from(*c - b'0') } else { 0 })
}

/// The digit at a place, counted from 0.
fn digit(number: &[u8], at: usize) -> u32 {
    digits(number).nth(at).unwrap_or_default()
}

/// The number that some digits write. Twelve at most.
fn whole(number: &[u8]) -> u64 {
    digits(number).fold(0, |whole, digit| whole * 10 + u64::from(digit))
}

/// The sum of digits times weights, as many as there are of both.
fn weighted(number: &[u8], weights: &[u32]) -> u32 {
    digits(number).zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The sum of the digits of twice a digit.
fn doubled(digit: u32) -> u32 {
    digit * 2 / 10 + digit * 2 % 10
}

/// Whether the last digit makes the number right by Luhn's algorithm (ISO/IEC 7812-1, annex B).
fn luhn(number: &[u8]) -> bool {
    let count = number.len();
    let part = |(i, digit): (usize, u32)| if (count - i).is_multiple_of(2) { doubled(digit) } else { digit };
    digits(number).enumerate().map(part).sum::<u32>().is_multiple_of(10)
}

/// Whether the last digit makes the number right by ISO 7064, MOD 11,10.
fn mod_11_10(number: &[u8]) -> bool {
    let Some((_, before)) = number.split_last() else { return false };
    let product = digits(before).fold(10, |product, digit| match (product + digit) % 10 {
        0 => 9,
        sum => sum * 2 % 11,
    });
    (product + digit(number, before.len())) % 10 == 1
}

/// The letter at a place of an alphabet of check letters.
fn is_letter(letter: u8, alphabet: &[u8], at: u64) -> bool {
    usize::try_from(at).ok().and_then(|at| alphabet.get(at)) == Some(&letter)
}

pub(super) fn austria(number: &[u8]) -> bool {
    // Luhn's sum with 4 added: the U counts.
    let part = |(i, digit): (usize, u32)| if i.is_multiple_of(2) { digit } else { doubled(digit) };
    let sum: u32 = digits(&number[1..8]).enumerate().map(part).sum();
    (sum + 4 + digit(number, 8)).is_multiple_of(10)
}

pub(super) fn belgium(number: &[u8]) -> bool {
    97 - whole(&number[..8]) % 97 == whole(&number[8..])
}

/// Nine digits are a company's. Ten are a person's (the civil number, with a date of birth), a foreigner's or another's; whichever fits.
pub(super) fn bulgaria(number: &[u8]) -> bool {
    let last = digit(number, number.len() - 1);
    if number.len() == 9 {
        let first = weighted(number, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
        let check = if first == 10 { weighted(number, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 } else { first };
        return check % 10 == last;
    }
    let (month, day) = (whole(&number[2..4]), whole(&number[4..6]));
    let born = matches!(month, 1..=12 | 21..=32 | 41..=52) && matches!(day, 1..=31);
    let person = weighted(number, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    let foreigner = weighted(number, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10;
    let other = (11 - weighted(number, &[4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    born && person == last || foreigner == last || other == last
}

pub(super) fn cyprus(number: &[u8]) -> bool {
    const AT_ODD_PLACES: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let odd = |digit: u32| usize::try_from(digit).ok().and_then(|digit| AT_ODD_PLACES.get(digit)).copied();
    let part = |(i, digit): (usize, u32)| if i.is_multiple_of(2) { odd(digit).unwrap_or(0) } else { digit };
    let sum: u32 = digits(&number[..8]).enumerate().map(part).sum();
    !number.starts_with(b"12") && is_letter(number[8], b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", u64::from(sum % 26))
}

/// Eight digits are a company's, nine that begin with 6 a person's without a birth number; other nine are birth numbers of before 1954,
/// which have no check digit, and ten those from then on.
pub(super) fn czechia(number: &[u8]) -> bool {
    const WEIGHTS: [u32; 7] = [8, 7, 6, 5, 4, 3, 2];
    let check = |digits: &[u8]| match 11 - weighted(digits, &WEIGHTS) % 11 {
        11 => 1,
        check => check % 10,
    };
    let last = digit(number, number.len() - 1);
    match (number.len(), number[0]) {
        (8, first) => first != b'9' && check(number) == last,
        (9, b'6') => {
            let check = 11 - weighted(&number[1..], &WEIGHTS) % 11;
            (9 + 10 - check % 10) % 10 == last
        }
        (9, _) => is_birth_date(number) && whole(&number[..2]) <= 53,
        _ => {
            // Until 1985 a remainder of ten was written as 0.
            let ten = whole(&number[..9]) % 11 == 10 && last == 0 && matches!(whole(&number[..2]), 54..=84);
            is_birth_date(number) && (whole(number).is_multiple_of(11) || ten)
        }
    }
}

/// Whether a number begins with year, month and day as Czech ones do: of women the month is 50 higher, since 2004 of both it may be 20 more.
fn is_birth_date(number: &[u8]) -> bool {
    matches!(whole(&number[2..4]), 1..=12 | 21..=32 | 51..=62 | 71..=82)
        && matches!(whole(&number[4..6]), 1..=31)
}

pub(super) fn germany(number: &[u8]) -> bool {
    mod_11_10(number)
}

pub(super) fn denmark(number: &[u8]) -> bool {
    weighted(number, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

pub(super) fn estonia(number: &[u8]) -> bool {
    weighted(number, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

pub(super) fn greece(number: &[u8]) -> bool {
    weighted(number, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digit(number, 8)
}

/// Companies end with Luhn's digit or the letter for it, by their kind; persons with a letter by the remainder of 23.
pub(super) fn spain(number: &[u8]) -> bool {
    let (first, last) = (number[0], number[8]);
    let person = |lead: u64| {
        let remainder = (lead * 10_000_000 + whole(&number[1..8])) % 23;
        is_letter(last, b"TRWAGMYFPDXBNJZSQVHLCKE", remainder)
    };
    let luhn_digit = || (b'0'..=b'9').find(|c| luhn(&[&number[1..8], &[*c]].concat()));
    let company = || luhn_digit().is_some_and(|c| is_letter(last, b"JABCDEFGHI", u64::from(c - b'0')));
    match first {
        b'0'..=b'9' => person(u64::from(first - b'0')),
        b'K' | b'L' | b'M' | b'X' => person(0),
        b'Y' => person(1),
        b'Z' => person(2),
        b'A'..=b'H' | b'J' | b'U' | b'V' if last.is_ascii_digit() => luhn(&number[1..]),
        b'A'..=b'H' | b'N' | b'P'..=b'S' | b'W' => company(),
        _ => false,
    }
}

pub(super) fn finland(number: &[u8]) -> bool {
    weighted(number, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
}

/// A key of two before the nine digits of the company (SIREN): of digits the remainder of 97, with letters that of 11.
pub(super) fn france(number: &[u8]) -> bool {
    const VALUES: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let (key, company) = (&number[..2], whole(&number[2..]));
    if key.iter().all(u8::is_ascii_digit) {
        return (company * 100 + 12) % 97 == whole(key);
    }
    let value =
        |c: u8| VALUES.iter().position(|v| *v == c).and_then(|at| u64::try_from(at).ok()).unwrap_or(0);
    let (first, second) = (value(key[0]), value(key[1]));
    let key = if key[0].is_ascii_digit() { first * 24 + second - 10 } else { first * 34 + second - 100 };
    (company + 1 + key / 11) % 11 == key % 11
}

pub(super) fn croatia(number: &[u8]) -> bool {
    mod_11_10(number)
}

pub(super) fn hungary(number: &[u8]) -> bool {
    weighted(number, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
}

/// Seven digits and a check letter, since 2013 perhaps with one more letter (W for nothing, else A to I); until then the second
/// could be a letter or a sign, which does not count.
pub(super) fn ireland(number: &[u8]) -> bool {
    const LETTERS: &[u8] = b"WABCDEFGHIJKLMNOPQRSTUV";
    const WEIGHTS: [u32; 7] = [8, 7, 6, 5, 4, 3, 2];
    let sum = if number[1].is_ascii_digit() {
        weighted(&number[..7], &WEIGHTS)
    } else {
        weighted(&[&b"0"[..], &number[2..7], &number[..1]].concat(), &WEIGHTS)
    };
    let more = match number.get(8) {
        None | Some(b'W') => 0,
        Some(letter @ b'A'..=b'I') => 9 * u32::from(letter - b'A' + 1),
        Some(_) => return false,
    };
    is_letter(number[7], LETTERS, u64::from((sum + more) % 23))
}

/// Seven digits of the company, three of the province's office, and Luhn's.
pub(super) fn italy(number: &[u8]) -> bool {
    let office = matches!(whole(&number[7..10]), 1..=201 | 888 | 999);
    whole(&number[..7]) > 0 && office && luhn(number)
}

pub(super) fn lithuania(number: &[u8]) -> bool {
    let before = &number[..number.len() - 1];
    let first = weighted(before, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2]) % 11;
    let check = if first == 10 { weighted(before, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4]) % 11 } else { first };
    check % 10 == digit(number, before.len())
}

pub(super) fn luxembourg(number: &[u8]) -> bool {
    whole(&number[..6]) % 89 == whole(&number[6..])
}

/// Those of companies begin with 4 to 9. A person's is the personal code, whose digits are not published: the date of birth, or since 2017
/// nothing behind a 32.
pub(super) fn latvia(number: &[u8]) -> bool {
    if number[0] <= b'3' {
        let born = matches!(whole(&number[..2]), 1..=31) && matches!(whole(&number[2..4]), 1..=12);
        return born || number.starts_with(b"32");
    }
    let sum = weighted(number, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6]) % 11;
    // Eleven have ten digits: what would need an eleventh is not given out, but 0 to those that begin with 9.
    let check = (3 + 11 - sum) % 11;
    let check = if check == 10 && number[0] == b'9' { 0 } else { check };
    check == digit(number, 10)
}

pub(super) fn malta(number: &[u8]) -> bool {
    u64::from(37 - weighted(number, &[3, 4, 6, 7, 8, 9]) % 37) == whole(&number[6..])
}

/// Companies' ninth digit is the remainder of 11. Sole traders got other numbers in 2020, whose remainder of 97 is 1 when letters are counted
/// from A as 10: NL is 2321, B is 11.
pub(super) fn netherlands(number: &[u8]) -> bool {
    let company = weighted(number, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == digit(number, 8);
    let all = [&b"2321"[..], &number[..9], b"11", &number[10..]].concat();
    let remainder = digits(&all).fold(0, |remainder, digit| (remainder * 10 + digit) % 97);
    whole(&number[..9]) > 0 && whole(&number[10..]) > 0 && (company || remainder == 1)
}

pub(super) fn poland(number: &[u8]) -> bool {
    weighted(number, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digit(number, 9)
}

pub(super) fn portugal(number: &[u8]) -> bool {
    (11 - weighted(number, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == digit(number, 8)
}

pub(super) fn romania(number: &[u8]) -> bool {
    const WEIGHTS: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let before = &number[..number.len() - 1];
    // The weights stand to the right: a shorter number has zeros before it.
    let sum = weighted(before, &WEIGHTS[WEIGHTS.len() - before.len()..]);
    sum * 10 % 11 % 10 == digit(number, before.len())
}

/// Ten digits of the company or person, and which of its businesses: 01 to 94.
pub(super) fn sweden(number: &[u8]) -> bool {
    whole(&number[..10]) > 0 && luhn(&number[..10]) && matches!(whole(&number[10..]), 1..=94)
}

pub(super) fn slovenia(number: &[u8]) -> bool {
    let check = 11 - weighted(number, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    check != 11 && check % 10 == digit(number, 7)
}

pub(super) fn slovakia(number: &[u8]) -> bool {
    matches!(number[2], b'2'..=b'4' | b'7'..=b'9') && whole(number).is_multiple_of(11)
}

/// As in Great Britain: nine digits, with three more for a branch, by the remainder of 97, since 2010 also with 55 more; departments of
/// government and health authorities have three digits, below and from 500.
pub(super) fn northern_ireland(number: &[u8]) -> bool {
    match number {
        [b'G', b'D', rest @ ..] => whole(rest) < 500,
        [b'H', b'A', rest @ ..] => whole(rest) >= 500,
        _ => {
            let remainder = (u64::from(weighted(number, &[8, 7, 6, 5, 4, 3, 2])) + whole(&number[7..9])) % 97;
            whole(&number[..9]) > 0 && (remainder == 0 || remainder == 42 && whole(&number[..3]) >= 100)
        }
    }
}
