#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| stoa_fuzzing::jwt(input));
