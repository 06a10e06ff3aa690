use super::*;
use crate::{Input, Parsed, lint};

const TEXT: &str = "version: STSv1\r\nmode: testing\r\nmx: mx1.acme-mail.net\r\nmax_age: 604800\r\nx_odd: a\"b\\c{host}${d}\r\n";

/// The policy in a text that has it as a string in quotes.
fn string_in(text: &str) -> Option<String> {
    let text = text.replace("$${", "${");
    let at = text.find("\"version: STSv1")?;
    let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<String>();
    values.next()?.ok()
}

#[test]
fn every_recipe_has_the_exact_policy_once() {
    assert_eq!(recipes().count(), 14);
    for recipe in recipes() {
        assert_eq!(Recipe::of(recipe.word).map(|found| found.name), Some(recipe.name));
        let files = recipe.files("acme-mail.net", TEXT);
        let whole = files.iter().filter(|file| file.text == TEXT);
        let whole =
            whole.inspect(|file| assert!(file.path.ends_with("mta-sts.txt"), "{}", file.path));
        let inside = files.iter().filter_map(|file| string_in(&file.text));
        let inside = inside.inspect(|policy| assert_eq!(policy, TEXT, "{}", recipe.word));
        assert_eq!(whole.count() + inside.count(), 1, "{}", recipe.word);
        // Terraform would fill something in.
        let mut terraform = files.iter().filter(|file| file.language == "terraform");
        assert!(terraform.all(|file| file.text.contains("$${d}")), "{}", recipe.word);
    }
}

#[test]
fn what_is_inside_program_code_is_read_by_the_linter() {
    let plain = TEXT.lines().take(4).flat_map(|line| [line, "\r\n"]).collect::<String>();
    // Our reader takes escapes off a text where they cover it, which they don't in a manifest with other files.
    for recipe in recipes().filter(|recipe| recipe.word != "kubernetes") {
        for file in recipe.files("acme-mail.net", &plain) {
            if file.text == plain || string_in(&file.text).is_none() {
                continue;
            }
            let report = lint(&Input::new(file.text.as_bytes()));
            let policy = report.artefacts.iter().find_map(|one| match &one.parsed {
                Parsed::Policy(values) => Some(values),
                _ => None,
            });
            let values = policy.unwrap_or_else(|| panic!("{}", file.text));
            assert_eq!(values.mx, ["mx1.acme-mail.net"], "{}", recipe.word);
            assert_eq!(values.max_age, Some(604_800));
        }
    }
}

#[test]
fn every_recipe_names_the_host_and_nothing_is_left_to_fill_in() {
    for recipe in recipes() {
        let files = recipe.files("acme-mail.net", "version: STSv1\r\n");
        let text: String =
            files.iter().flat_map(|file| [&file.path[..], "\n", &file.text]).collect();
        for slot in [HOST, POLICY, STRING, HCL] {
            assert!(!text.contains(slot), "{} {slot}", recipe.word);
        }
        // The other services have the name in their consoles.
        let consoles = ["netlify", "vercel", "azure-static-web-apps", "firebase"];
        let named = text.contains("mta-sts.acme-mail.net");
        assert_eq!(named, !consoles.contains(&recipe.word), "{}", recipe.word);
        for file in files.iter().filter(|file| file.language == "json") {
            serde_json::from_str::<serde_json::Value>(&file.text).expect("it is JSON");
        }
        for said in [recipe.dns, recipe.steps, recipe.wrong] {
            assert!(said.ends_with('.') && said.len() > 20, "{}: {said}", recipe.word);
        }
    }
}

#[test]
fn other_readers_find_the_exact_policy() {
    use saphyr::LoadableYamlNode as _;

    let files = |word| Recipe::of(word).expect("a recipe").files("acme-mail.net", TEXT);
    let manifest = &files("kubernetes")[0].text;
    let documents = saphyr::Yaml::load_from_str(manifest).expect("it is YAML");
    assert_eq!(documents.len(), 4);
    let data = documents[0].as_mapping_get("data").expect("a map");
    assert_eq!(data.as_mapping_get("mta-sts.txt").and_then(saphyr::Yaml::as_str), Some(TEXT));
    let compose = saphyr::Yaml::load_from_str(&files("traefik")[2].text).expect("it is YAML");
    assert!(compose[0].as_mapping_get("services").is_some());

    let terraform =
        hcl::parse(&files("s3-cloudfront")[0].text).expect("it is Terraform's language");
    let object = terraform.blocks().find(|block| {
        block.labels().first().is_some_and(|label| label.as_str() == "aws_s3_object")
    });
    let mut attributes = object.expect("the object").body().attributes();
    let content = attributes.find(|one| one.key() == "content").expect("a content").expr();
    let content = hcl::eval::Evaluate::evaluate(content, &hcl::eval::Context::new());
    assert_eq!(content.expect("nothing is filled in"), hcl::Value::from(TEXT));
}

/// A policy that is written when it is asked for allows whatever DNS says at that time.
#[test]
fn no_recipe_looks_at_live_mx_records_or_redirects() {
    for recipe in recipes() {
        for file in recipe.files("acme-mail.net", "version: STSv1\r\n") {
            let text = file.text.to_ascii_lowercase();
            for bad in
                ["resolvemx", "dns-query", "type=mx", "dig ", "fetch(\"", "return 301", "rewrite "]
            {
                assert!(!text.contains(bad), "{} {bad}", recipe.word);
            }
            assert!(!text.contains("status = 30"), "{}", recipe.word);
        }
    }
}

#[test]
fn it_is_said_how_to_verify() {
    let text = verify("acme-mail.net");
    assert!(
        text.starts_with("curl -sS -i https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\n")
    );
}
