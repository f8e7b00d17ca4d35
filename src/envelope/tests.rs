//! The envelope against itself and against hostile files; `tests/envelope_age.rs` holds it against the reference.

use super::*;
use crate::port::memory::FixedRandom;

const TEXT: &[u8] = "孩子受伤".as_bytes();

fn identity(seed: u64) -> Identity {
    Identity::generate(&FixedRandom::new(seed))
}

fn sealed_for(identity: &Identity, plain: &[u8]) -> Vec<u8> {
    seal(plain, &[identity.recipient()], &FixedRandom::new(9))
}

#[test]
fn receivers_open_it_and_nobody_else() {
    let (ours, theirs, nobody) = (identity(1), identity(2), identity(3));
    let sealed = seal(TEXT, &[ours.recipient(), theirs.recipient()], &FixedRandom::new(9));
    for identity in [&ours, &theirs] {
        assert_eq!(open(&sealed, std::slice::from_ref(identity)), Ok(TEXT.to_vec()));
    }
    assert_eq!(open(&sealed, std::slice::from_ref(&nobody)), Err(OpenError::NotForUs));
    assert_eq!(open(&sealed, &[nobody, ours]), Ok(TEXT.to_vec()));
    assert_eq!(open(&sealed, &[]), Err(OpenError::NotForUs));
}

#[test]
fn no_two_envelopes_are_alike() {
    let random = FixedRandom::new(9);
    let to = [identity(1).recipient()];
    assert_ne!(seal(TEXT, &to, &random), seal(TEXT, &to, &random));
}

#[test]
fn no_byte_can_be_changed_taken_or_added() {
    let ours = identity(1);
    let sealed = sealed_for(&ours, TEXT);
    let ours = [ours];
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open(&changed, &ours).is_err(), "byte {at} changed");
        assert!(open(&sealed[..at], &ours).is_err(), "cut at {at}");
    }
    assert!(open(&[sealed.as_slice(), b"\0"].concat(), &ours).is_err());
}

#[test]
fn says_what_is_wrong() {
    let ours = identity(1);
    let long = vec![7; 3 * 65_536];
    let sealed = sealed_for(&ours, &long);
    let begin = sealed.len() - 3 * 65_552;
    let changed = |at: usize| {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        open(&changed, std::slice::from_ref(&ours))
    };
    let cut = |len: usize| open(&sealed[..len], std::slice::from_ref(&ours));
    let in_second = (begin + 65_552) as u64;
    assert_eq!(changed(begin + 65_552 + 100), Err(OpenError::Damaged { offset: in_second }));
    assert_eq!(cut(begin + 65_552), Err(OpenError::Truncated { len: in_second }), "exactly between two pieces");
    assert_eq!(cut(begin), Err(OpenError::Truncated { len: begin as u64 }));
    assert_eq!(cut(50), Err(OpenError::Truncated { len: 50 }));
    assert_eq!(cut(10), Err(OpenError::NotAnEnvelope));
    assert_eq!(open(b"{\"format\":", &[]), Err(OpenError::NotAnEnvelope));
    assert_eq!(open(&sealed[..], &[]), Err(OpenError::NotForUs));
    let mac = begin - 16 - 20;
    assert!(matches!(changed(mac), Err(OpenError::Damaged { offset: 0 } | OpenError::Header)));
}

/// Headers that no writer makes, with what the specification says about them.
#[test]
fn refuses_headers_of_a_wrong_form() {
    let ours = [identity(1)];
    let share = "A".repeat(43);
    let check = |header: &str, error: OpenError| {
        let file = [b"age-encryption.org/v1\n", header.as_bytes()].concat();
        assert_eq!(open(&file, &ours), Err(error), "{header:?}");
    };
    let mac = format!("--- {share}\n");
    check(&format!("-> X25519 {share}\n{share}\n{mac}"), OpenError::Header); // a share that gives all-zero secrets
    check(&format!("-> X25519\n{share}\n{mac}"), OpenError::Header);
    check(&format!("-> X25519 {share} x\n{share}\n{mac}"), OpenError::Header);
    check(&format!("-> X25519  {share}\n{share}\n{mac}"), OpenError::Header);
    check(&format!("-> X25519 {share}\n{share}=\n{mac}"), OpenError::Header);
    check(&format!("-> X25519 {share}\r\n{share}\r\n{mac}"), OpenError::Header);
    check(&format!("-> other x y\n{share}\n{mac}"), OpenError::NotForUs);
    check(&format!("-> other\n{}\n\n{mac}", "A".repeat(64)), OpenError::NotForUs);
    check(&format!("-> other\n{}\n{mac}", "A".repeat(64)), OpenError::Header); // no shorter last line
    check(&format!("-> scrypt {} 10\n{share}\n{mac}", "A".repeat(22)), OpenError::NeedsPassphrase);
    check(&mac, OpenError::Header);
    check(&"-> other\n\n".repeat(7_000), OpenError::Truncated { len: 70_022 });
    check(&"x".repeat(70_000), OpenError::Header);
}

#[test]
fn keys_have_one_text() {
    let ours = identity(1);
    let (secret, public) = (ours.to_text(), ours.recipient().to_text());
    assert_eq!((secret.len(), public.len()), (74, 62));
    assert_eq!(Identity::parse(&secret).unwrap().recipient(), ours.recipient());
    assert_eq!(Recipient::parse(&format!(" {public}\n")), Ok(ours.recipient()));
    assert_eq!(Recipient::parse(&secret), Err(KeyError::Secret));
    assert_eq!(Recipient::parse("age1"), Err(KeyError::Mistyped));
    assert_eq!(Recipient::parse("13900000000"), Err(KeyError::Kind));
    assert_eq!(Recipient::parse("投诉"), Err(KeyError::Kind));
    assert_eq!(Identity::parse(&public).err(), Some(KeyError::Kind));
    for at in 4..public.len() {
        let mut mistyped = public.clone().into_bytes();
        mistyped[at] = if mistyped[at] == b'q' { b'p' } else { b'q' };
        assert_eq!(Recipient::parse(&String::from_utf8(mistyped).unwrap()), Err(KeyError::Mistyped), "character {at}");
    }
    assert!(!format!("{ours:?}").contains("SECRET"));
}

/// A file of age-keygen's form, and one that is not.
#[test]
fn files_of_identities() {
    let ours = identity(1);
    let file = format!("# created: 2026-11-24\r\n# public key: {}\r\n{}\r\n", ours.recipient().to_text(), &*ours.to_text());
    let read = Identity::parse_file(&file).unwrap();
    assert_eq!(read.iter().map(Identity::recipient).collect::<Vec<_>>(), [ours.recipient()]);
    assert_eq!(Identity::parse_file("# nothing\n").err(), Some(KeyError::Kind));
    assert_eq!(Identity::parse_file(&ours.recipient().to_text()).err(), Some(KeyError::Kind));
}

#[test]
fn text_is_read_as_messengers_leave_it() {
    let ours = identity(1);
    let armored = armor::write(&sealed_for(&ours, &[5; 300]));
    let ours = [ours];
    assert!(armored.lines().all(|line| line.len() <= 64));
    assert!(is_envelope(armored.as_bytes()));
    for text in [armored.clone(), armored.replace('\n', "\r\n"), armored.replace('\n', " "), format!("\u{feff}\n{armored}\n\n")] {
        assert_eq!(open(text.as_bytes(), &ours), Ok(vec![5; 300]), "{text:?}");
    }
    let end = armored.len() - 40;
    assert_eq!(open(&armored.as_bytes()[..end], &ours), Err(OpenError::Truncated { len: end as u64 }));
    assert_eq!(open(armored.replacen('W', "*", 1).as_bytes(), &ours), Err(OpenError::Header));
}

#[test]
fn a_passphrase_opens_what_it_closed() {
    let sealed = passphrase::seal(TEXT, "示例 口令", 4, &FixedRandom::new(1));
    let try_with = |words: &str, most: u8| passphrase::open(&sealed, words, most);
    assert_eq!(try_with("示例 口令", 4), Ok(TEXT.to_vec()));
    assert_eq!(try_with("示例口令", 4), Err(OpenError::WrongPassphrase));
    assert_eq!(try_with("示例 口令", 3), Err(OpenError::TooCostly { log_n: 4, most: 3 }));
    assert_eq!(open(&sealed, &[identity(1)]), Err(OpenError::NeedsPassphrase));
    assert_eq!(passphrase::open(&sealed_for(&identity(1), TEXT), "x", 4), Err(OpenError::NotForUs));
    assert_eq!(passphrase::open(armor::write(&sealed).as_bytes(), "示例 口令", 4), Ok(TEXT.to_vec()));
}

/// Every range of a file read piece by piece is what opening all of it gives, at every length around the borders of pieces.
#[test]
fn reading_in_pieces_gives_the_same() {
    let ours = [identity(1)];
    for len in [0_usize, 1, 65_535, 65_536, 65_537, 131_072, 200_000] {
        let plain: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
        let file = sealed_for(&ours[0], &plain);
        let head = &file[..file.len().min(Reading::HEAD_BYTES as usize)];
        let reading = Reading::begin(head, file.len() as u64, &ours).unwrap();
        assert_eq!(reading.plain_len(), len as u64);
        for (from, to) in [(0, len), (0, len.min(1)), (len / 2, len), (len.min(65_530), len.min(65_540)), (len, len), (0, 0)] {
            let (begin, end) = reading.sealed_range(from as u64, to as u64);
            let read = reading.open(from as u64, to as u64, &file[begin as usize..end as usize]);
            assert_eq!(read.as_deref(), Ok(&plain[from..to]), "{from}..{to} of {len}");
        }
    }
}

#[test]
fn reading_in_pieces_notices_a_cut() {
    let ours = [identity(1)];
    let file = sealed_for(&ours[0], &[1; 140_000]);
    let cut = file.len() - (140_000 - 131_072) - 16;
    let reading = Reading::begin(&file[..400], cut as u64, &ours).unwrap();
    let (begin, end) = reading.sealed_range(131_000, 131_072);
    assert_eq!(reading.open(131_000, 131_072, &file[begin as usize..end as usize]), Err(OpenError::Truncated { len: cut as u64 }));
}

/// Written by the ordinary age 1.1.1, for a key that its age-keygen made and for nothing else.
#[test]
fn opens_what_the_ordinary_age_writes() {
    const KEY: &str = "# created: 2026-11-24T17:59:50Z\n# public key: age1erjuuqws5sqtf2qjd08vrdqmmw8kdupw5p3ym6e0dm2drt3uesxsvtg5jm\nAGE-SECRET-KEY-1MG4X7ECQY70KYMAEGQ282Q8USHDH5LZNA0UTF7XTTCFUGRP6M43S6DRQ5E\n";
    const FOR_KEY: &str = "-----BEGIN AGE ENCRYPTED FILE-----\n\
         YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBORFpPcm41dUErbzBwWEtF\n\
         TXQ4OVJBM1Qyak1VckpqUHh0WERIRVBUQWowCllVcmZjNUZUeDRyK3VHVHhWRHR1\n\
         S1lrRWhueG9zbVlPR2YyUG9TTTdrVTgKLS0tIExDa2pmZm1QN0VQK3ZpOXR0UGoz\n\
         VGZQelFtdXZ4ZmxQeUl6R3dBOUZsK3MKpAr4GGLqwsW4LeQLLJLRxRTch30SO/Fh\n\
         WEKt/+cFgnhUOzUWQNLRv/JvC5lQKy8pMq2EHV/5AgDeuPH49qKNAjAFEw4ZZ7MA\n\
         -----END AGE ENCRYPTED FILE-----\n\n";
    const FOR_WORDS: &str = "-----BEGIN AGE ENCRYPTED FILE-----\n\
         YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBpcnEvMFV5amhqWllNQXRK\n\
         Vk44SUZRIDE4CnA1bExmNDZ2VUw1VGk3d2FPMVJlTXk0b1NMUXl5V1FPR25GYXlY\n\
         OUFxMGsKLS0tIEw2MXluZXlINjdtMS9pd0loS2gxRmxneG5SbFZiY3lwYUtPSEFi\n\
         RTFVUHMKzHYnQP10usgcDfWuidDZ51DeB5c7YZGSKgvXMB4dzBaItRcUPTLwVwdi\n\
         Xkcfy6ZutTe4A6aksTJFOdlTUTDFJOYFeNSqSWGn\n\
         -----END AGE ENCRYPTED FILE-----\n\n";
    let plain = Ok("示例：玩具松动，孩子受伤。\n".as_bytes().to_vec());
    assert_eq!(open(FOR_KEY.as_bytes(), &Identity::parse_file(KEY).unwrap()), plain);
    assert_eq!(passphrase::open(FOR_WORDS.as_bytes(), "shili-kouling-2026", 18), plain);
}

/// The form of what is written here, held to envelopes that the ordinary age 1.1.1 has opened.
#[test]
fn writes_what_the_ordinary_age_opens() {
    let key = Identity::generate(&FixedRandom::new(77));
    let sealed = seal(&[7; 70_000], &[key.recipient(), identity(1).recipient()], &FixedRandom::new(78));
    let locked = passphrase::seal(key.to_text().as_bytes(), "shili-kouling-2026", 10, &FixedRandom::new(79));
    let digest = |bytes: &[u8]| crate::evidence::chain::sha256(bytes).to_string();
    assert_eq!(digest(&sealed), "6bc8ae153ea1e9823d5ebc805f9f0462953facfed5b727ad85da1ec7f59404c7");
    assert_eq!(digest(&locked), "df8c39462f90ca1cf36aaf49e20d9fb8067ae8ec6699cd45df782f695e4b3f9b");
}
