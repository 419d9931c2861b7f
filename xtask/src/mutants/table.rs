//! The mutants: for each rule of the sign-in that a program can break, one program that breaks it.

use super::{
    Killer::{Browser, EndToEnd, Native},
    Mutant,
};

const CORE: &str = "convoke-core";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        rule: "O1",
        does: "takes a token in the address for an answer",
        file: "core/src/auth/answer.rs",
        from: r#"self.has("state") && (self.has("code") || self.has("error"))"#,
        to: r#"self.has("state") && (self.has("code") || self.has("error") || self.has("access_token"))"#,
        killer: Native(CORE, "tokens_and_codes_without_state_are_cleaned_and_not_believed"),
    },
    Mutant {
        rule: "O2",
        does: "sends the verifier itself as its challenge",
        file: "core/src/auth/protocol.rs",
        from: "PkceCodeChallenge::from_code_verifier_sha256(&verifier)",
        to: "PkceCodeChallenge::from_code_verifier_plain(&verifier)",
        killer: Native(CORE, "the_authorization_request_has_exactly_these_parameters"),
    },
    Mutant {
        rule: "O3",
        does: "does not compare the state",
        file: "core/src/auth/machine.rs",
        from: "answer.state.as_ref() != Some(&pending.state)",
        to: "answer.state.is_none()",
        killer: Native(CORE, "an_answer_that_is_not_ours_redeems_nothing"),
    },
    Mutant {
        rule: "O4",
        does: "takes an id token without a nonce",
        file: "core/src/auth/id_token.rs",
        from: r#"expected.nonce.is_some() && text("nonce") != expected.nonce"#,
        to: r#"expected.nonce.is_some() && text("nonce").is_some() && text("nonce") != expected.nonce"#,
        killer: Native(CORE, "each_bad_claim_is_refused"),
    },
    Mutant {
        rule: "O5",
        does: "takes an id token made for another application",
        file: "core/src/auth/id_token.rs",
        from: "if !for_us {",
        to: "if false && !for_us {",
        killer: Native(CORE, "each_bad_claim_is_refused"),
    },
];
