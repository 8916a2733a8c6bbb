// The sentences of the report in French and English.
#include "report/words.h"

namespace probatio::report {
namespace {

Words French() {
  Words w;
  w.title = "Communication de données d'identification";
  w.subject = "Réponse à une décision ordonnant la communication de données d'identification";
  w.demonstration =
      "HORLOGE DE DÉMONSTRATION. Les instants de ce document ne sont pas ceux d'une horloge réelle ; il n'a "
      "aucune valeur probante.";
  w.court = "Juridiction";
  w.register_number = "Numéro de rôle";
  w.date = "Date de la décision";
  w.provider = "Fournisseur";
  w.addressee = "Destinataire de la décision";
  w.applicants = "Demandeurs";
  w.service = "Signification";
  w.invented = "(instant inventé : il n'a jamais été publié)";
  w.not_served = "instant non indiqué";
  w.recipients = "Destinataires des données";
  w.regime = "État du droit appliqué";
  w.made_at = "Établi le";
  w.scope_heading = "1. Ce qui a été demandé, accordé et écarté";
  w.scope_intro =
      "Pour chaque ligne de la décision : ce qu'elle demande, ce qui est communiqué, et sur quel fondement.";
  w.line = "Ligne";
  w.asked = "Demandé";
  w.granted = "Accordé";
  w.basis = "Fondement";
  w.left_out_heading = "Écarté, et pourquoi";
  w.nothing_left_out = "Rien n'a été écarté.";
  w.not_granted = "rien n'est accordé pour cette ligne";
  w.none_asked = "ligne absente de la décision transcrite";
  w.by_rule = "règle";
  w.by_person = "décision de";
  w.period = "du {} au {} (exclu, UTC)";
  w.events = "Événements";
  w.tuple_at = "{}, port {}, {}, le {} (UTC) ± {}";
  w.answers_heading = "2. Les données communiquées";
  w.no_answers = "Aucune réponse n'a été établie.";
  w.line_answer = "Ligne";
  w.candidate = "Réponse {} sur {}";
  w.candidate_named = "Réponse {} sur {} : {}";
  w.supports = "Repose sur";
  w.rules = "Règles appliquées";
  w.gaps = "Ce qui n'a pas pu être vu";
  w.offsets = "La réponse reste la même si l'horloge du demandeur est décalée de {} à {}.";
  w.offset_open = "sans limite connue";
  w.rows_omitted =
      "Lignes de données non imprimées ici : {}. Elles figurent toutes dans disclosure.csv et "
      "disclosure.json.";
  w.instant_utc = "Instant (UTC)";
  w.instant_paris = "Heure de Paris";
  w.event = "Événement";
  w.address = "Adresse IP";
  w.port = "Port";
  w.protocol = "Prot.";
  w.details = "Autres éléments";
  w.data = "Donnée";
  w.value = "Valeur";
  w.resolution = "résolution";
  w.account_row = "Données du compte";
  w.identity_row = "Données d'identité";
  w.timeline_heading = "Frise des instants communiqués";
  w.timeline_note = "Temps UTC. La barre horizontale est la marge d'incertitude déclarée de chaque instant.";
  w.timeline_more = "{} autres lignes ne sont pas dessinées.";
  w.approvals_heading = "3. Approbations et garde des clés";
  w.approved_by = "Périmètre signé par : {}.";
  w.no_approver = "Aucune signature d'approbation n'est indiquée.";
  w.custodians =
      "Il a fallu l'accord de {} des {} gardiens de clés, chacun sur sa propre machine, pour ouvrir ces "
      "données.";
  w.custodians_unknown = "Le nombre de gardiens de clés n'est pas indiqué.";
  w.proof_heading = "4. Ce qui est prouvé, ce qui est déclaré";
  w.proved =
      "Prouvé : chaque élément communiqué figurait, sans altération, dans un enregistrement dont l'empreinte "
      "était engagée à l'instant indiqué ; disclosure.json donne pour chaque ligne son degré : engagée avant "
      "la décision, journalisée avant et reconstruite après, ou engagée après.";
  w.declared =
      "Déclaré par le fournisseur, et non prouvé : que ces données sont les seules, que la source a dit "
      "vrai, et que rien n'est sorti par une autre voie.";
  w.verify_heading = "5. Comment vérifier";
  w.verify_steps = {
      "Lancer « probatio-verify » sur le dossier reçu : le programme affiche ce qui est prouvé, ce qui ne "
      "l'est qu'avec un témoin et ce qui est déclaré.",
      "Sans ce programme, ouvrir le dossier avec « unzip » : c'est une archive ASiC-E ordinaire.",
      "Comparer l'empreinte SHA-256 de chaque fichier (« openssl dgst -sha256 FICHIER ») à celle du tableau "
      "ci-dessous.",
      "Vérifier la signature du dossier avec « openssl cms -verify -cades », en donnant le certificat de "
      "l'autorité du fournisseur.",
      "Vérifier l'horodatage avec « openssl ts -verify », et comparer le point de contrôle du registre à "
      "celui que publient les témoins.",
  };
  w.files_heading = "Empreintes des fichiers (SHA-256)";
  w.file = "Fichier";
  w.digest = "Empreinte SHA-256";
  w.no_files = "Aucune empreinte n'est indiquée.";
  w.page_of = "Page {} sur {}";
  w.foot = "{} — n° {}";
  w.none_stated = "non indiqué";
  w.colon = " : ";
  w.and_word = " et ";
  return w;
}

Words English() {
  Words w;
  w.title = "Disclosure of identification data";
  w.subject = "Answer to a decision that orders the disclosure of identification data";
  w.demonstration =
      "DEMONSTRATION CLOCK. The instants in this document are not those of a real clock; it has no value as "
      "evidence.";
  w.court = "Court";
  w.register_number = "Register number";
  w.date = "Date of the decision";
  w.provider = "Provider";
  w.addressee = "Addressee of the decision";
  w.applicants = "Applicants";
  w.service = "Service";
  w.invented = "(invented instant: it was never published)";
  w.not_served = "instant not stated";
  w.recipients = "Recipients of the data";
  w.regime = "State of the law applied";
  w.made_at = "Made on";
  w.scope_heading = "1. What was asked, granted and left out";
  w.scope_intro = "For each line of the decision: what it asks, what is disclosed, and on which basis.";
  w.line = "Line";
  w.asked = "Asked";
  w.granted = "Granted";
  w.basis = "Legal basis";
  w.left_out_heading = "Left out, and why";
  w.nothing_left_out = "Nothing was left out.";
  w.not_granted = "nothing is granted for this line";
  w.none_asked = "line not in the transcribed decision";
  w.by_rule = "rule";
  w.by_person = "decision of";
  w.period = "from {} to {} (excluded, UTC)";
  w.events = "Events";
  w.tuple_at = "{}, port {}, {}, at {} (UTC) ± {}";
  w.answers_heading = "2. The data disclosed";
  w.no_answers = "No answer was established.";
  w.line_answer = "Line";
  w.candidate = "Answer {} of {}";
  w.candidate_named = "Answer {} of {}: {}";
  w.supports = "Rests on";
  w.rules = "Rules applied";
  w.gaps = "What could not be seen";
  w.offsets = "The answer stays the same if the asker's clock is off by {} to {}.";
  w.offset_open = "no known bound";
  w.rows_omitted = "Rows not printed here: {}. All of them are in disclosure.csv and disclosure.json.";
  w.instant_utc = "Instant (UTC)";
  w.instant_paris = "Paris time";
  w.event = "Event";
  w.address = "IP address";
  w.port = "Port";
  w.protocol = "Prot.";
  w.details = "Other elements";
  w.data = "Item";
  w.value = "Value";
  w.resolution = "resolution";
  w.account_row = "Account data";
  w.identity_row = "Identity data";
  w.timeline_heading = "Timeline of the disclosed instants";
  w.timeline_note = "UTC. The horizontal bar is the stated uncertainty of each instant.";
  w.timeline_more = "{} further lines are not drawn.";
  w.approvals_heading = "3. Approvals and custody of the keys";
  w.approved_by = "Scope signed by: {}.";
  w.no_approver = "No approval is stated.";
  w.custodians =
      "{} of the {} key custodians had to agree, each on a machine of their own, before these data could be "
      "opened.";
  w.custodians_unknown = "The number of key custodians is not stated.";
  w.proof_heading = "4. What is proved, what is declared";
  w.proved =
      "Proved: each disclosed element stood, unaltered, in a record committed to by the stated instant, and "
      "each row carries its grade in disclosure.json: committed before the order, in the journal before it "
      "and rebuilt after, or committed after.";
  w.declared =
      "Declared by the provider, and not proved: that these rows are all there were, that the source told "
      "the truth, and that nothing left by another way.";
  w.verify_heading = "5. How to verify";
  w.verify_steps = {
      "Run “probatio-verify” on the package received: it prints what is proved, what is proved only with a "
      "witness, and what is declared.",
      "Without that program, open the package with “unzip”: it is an ordinary ASiC-E archive.",
      "Compare the SHA-256 digest of each file (“openssl dgst -sha256 FILE”) with the table below.",
      "Check the signature of the package with “openssl cms -verify -cades”, giving the certificate of the "
      "provider's authority.",
      "Check the time-stamp with “openssl ts -verify”, and compare the ledger's checkpoint with the one that "
      "the witnesses publish.",
  };
  w.files_heading = "Digests of the files (SHA-256)";
  w.file = "File";
  w.digest = "SHA-256 digest";
  w.no_files = "No digest is stated.";
  w.page_of = "Page {} of {}";
  w.foot = "{} — no. {}";
  w.none_stated = "not stated";
  w.colon = ": ";
  w.and_word = " and ";
  return w;
}

}  // namespace

const Words& WordsOf(Language language) {
  static const Words french = French();
  static const Words english = English();
  return language == Language::kFrench ? french : english;
}

}  // namespace probatio::report
