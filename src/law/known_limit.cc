#include "law/known_limit.h"

#include <array>

namespace probatio::law {
namespace {

constexpr std::array<KnownLimit, 15> kLimits{{
    {"eu.epoc", "10 days", Counting::kEu, Matter::kCompliance, Duty::kAct,
     "Regulation (EU) 2023/1543 art. 10(3)", "at the latest; the data are preserved at once (art. 10(1))",
     "au plus tard ; les données sont conservées aussitôt "
     "(art. 10, par. 1)"},
    {"eu.epoc.notified", "10 days", Counting::kEu, Matter::kCompliance, Duty::kAct,
     "Regulation (EU) 2023/1543 art. 10(2)",
     "not before the end of the limit, unless the enforcing authority says earlier that it will not refuse",
     "pas avant la fin du délai, sauf si l'autorité d'exécution annonce plus tôt qu'elle ne refusera pas"},
    {"eu.epoc.emergency", "8 hours", Counting::kEu, Matter::kCompliance, Duty::kAct,
     "Regulation (EU) 2023/1543 art. 10(4)", "without delay, and at the latest then",
     "sans retard injustifié, et au plus tard alors"},
    {"eu.epoc.emergency.objection", "96 hours", Counting::kEu, Matter::kCompliance, Duty::kAct,
     "Regulation (EU) 2023/1543 art. 10(4)", "the enforcing authority's time to object",
     "le délai d'opposition de l'autorité d'exécution"},
    {"eu.epoc.emergency.validation", "48 hours", Counting::kEu, Matter::kCompliance, Duty::kAct,
     "Regulation (EU) 2023/1543 art. 4(5)", "the issuing authority's time to have the order validated",
     "le délai de validation a posteriori"},
    {"eu.epoc.clarification", "5 days", Counting::kEu, Matter::kCompliance, Duty::kAct,
     "Regulation (EU) 2023/1543 art. 10(6)",
     "the issuing authority's time to answer our Annex III; ours stands still",
     "le délai de réponse de l'autorité d'émission à notre annexe III ; le nôtre est suspendu"},
    {"eu.epoc.third-country", "10 days", Counting::kEu, Matter::kCompliance, Duty::kAct,
     "Regulation (EU) 2023/1543 art. 17", "for a reasoned objection (conflict with a third country's law)",
     "pour une objection motivée (conflit avec le droit d'un pays tiers)"},
    {"eu.epoc-pr", "60 days", Counting::kEu, Matter::kCompliance, Duty::kKeep,
     "Regulation (EU) 2023/1543 art. 11(1)",
     "preserve without delay; ends then, unless a production request is confirmed (Annex V) or the order is "
     "extended "
     "(Annex VI)",
     "conserver sans délai ; prend fin alors, sauf confirmation d'une demande (annexe V) ou prolongation "
     "(annexe VI)"},
    {"eu.epoc-pr.extended", "60 days + 30 days", Counting::kEu, Matter::kCompliance, Duty::kKeep,
     "Regulation (EU) 2023/1543 art. 11(1)", "extended once, within the 60 days (Annex VI)",
     "prolongé une fois, dans les 60 jours (annexe VI)"},
    {"eu.dsa10", "without delay", Counting::kEu, Matter::kCompliance, Duty::kAct,
     "Regulation (EU) 2022/2065 art. 10(1)", "tell the authority of receipt and of the effect given",
     "informer l'autorité de la réception et de la suite donnée"},
    {"fr.cpc145.refere.appeal", "15 days", Counting::kCpc, Matter::kRemedy, Duty::kAct, "CPC 490",
     "to appeal the interim order", "pour interjeter appel de l'ordonnance de référé"},
    {"fr.judgment.appeal", "1 month", Counting::kCpc, Matter::kRemedy, Duty::kAct, "CPC 538",
     "to appeal a judgment in contentious matters", "pour interjeter appel en matière contentieuse"},
    {"fr.ex-parte.appeal", "15 days", Counting::kCpc, Matter::kRemedy, Duty::kAct, "CPC 538",
     "in non-contentious matters", "en matière gracieuse"},
    {"fr.cassation", "2 months", Counting::kCpc, Matter::kRemedy, Duty::kAct, "CPC 612", "to seek cassation",
     "pour se pourvoir en cassation"},
    {"fr.cpp.requisition", "without delay", Counting::kCpc, Matter::kCompliance, Duty::kAct,
     "CPP 60-1, 77-1-1, 99-3", "the requisition may state a number, which then goes first",
     "la réquisition peut fixer un délai, qui prévaut"},
}};

}  // namespace

std::span<const KnownLimit> KnownLimits() {
  return kLimits;
}

const KnownLimit* FindKnownLimit(std::string_view id) {
  for (const KnownLimit& known : kLimits) {
    if (known.id == id) return &known;
  }
  return nullptr;
}

Counting CountingOf(std::string_view instrument) {
  return instrument.starts_with("eu.") ? Counting::kEu : Counting::kCpc;
}

}  // namespace probatio::law
