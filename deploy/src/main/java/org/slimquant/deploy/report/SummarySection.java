package org.slimquant.deploy.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slimquant.deploy.report.Content.Accuracy;
import org.slimquant.deploy.report.Content.Size;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlNode;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MemoryPlan;
import org.slimquant.model.WeightedOp;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;

/** The section with the few figures that most readers want. */
final class SummarySection {

  private SummarySection() {}

  static List<HtmlNode> of(Content content) {
    Element cards = Element.of("dl").set("class", "cards");
    content.accuracies().forEach(accuracy -> cards.add(accuracyCard(accuracy)));
    content
        .certificate()
        .ifPresent(
            certificate ->
                cards.add(
                    certificate.exact()
                        ? card("Certificate", "exact", "integers = trained graph, for every input")
                            .set("class", "good")
                        : card("Certificate", "not proven", "see the accumulators")
                            .set("class", "bad")));
    content.model().ifPresent(model -> cards.add(modelCards(model)));
    content.sizes().forEach(size -> cards.add(sizeCard(size)));
    cards.add(tensorCard(content.plan().sites()));
    worst(content.plan().sites()).ifPresent(cards::add);
    return List.of(cards);
  }

  private static Element accuracyCard(Accuracy accuracy) {
    return card(
        "Accuracy, " + accuracy.form(),
        String.format(Locale.ROOT, "%.4f", accuracy.share()),
        Notation.percent(1 - accuracy.share()) + " wrong");
  }

  private static List<HtmlNode> modelCards(IntegerModel model) {
    long parameters = 0;
    long bytes = 0;
    for (WeightedOp layer : model.layers()) {
      long kernel = layer.kernel().codes().size();
      parameters += kernel + layer.channels();
      bytes += kernel * codeBytes(layer.kernel().bits()) + (long) Integer.BYTES * layer.channels();
    }
    int memory =
        MemoryPlan.of(model, tensor -> tensor.size() * codeBytes(tensor.format().bits())).size();
    return List.of(
        card(
            "Weights",
            Notation.bytes(bytes),
            "%s parameters; float %s"
                .formatted(Notation.count(parameters), Notation.bytes(Float.BYTES * parameters))),
        card("Tensors in memory", Notation.bytes(memory), "for one example"),
        card(
            "Integer model",
            Notation.count(model.ops().size()) + (model.ops().size() == 1 ? " op" : " ops"),
            "%s → %s".formatted(describe(model.inputs()), describe(model.outputs()))));
  }

  private static String describe(List<IntegerTensor> tensors) {
    return tensors.stream()
        .map(
            tensor ->
                "%s %s".formatted(Notation.shape(tensor.shape()), Notation.format(tensor.format())))
        .collect(Collectors.joining(", "));
  }

  private static int codeBytes(int bits) {
    return bits > Byte.SIZE ? Short.BYTES : Byte.BYTES;
  }

  private static Element sizeCard(Size size) {
    return card(size.what(), Notation.bytes(size.bytes()), Notation.count(size.bytes()) + " bytes");
  }

  private static Element tensorCard(List<Site> sites) {
    return card(
        "Quantized tensors",
        Notation.count(sites.size()),
        List.of(Kind.values()).stream()
            .map(kind -> kinds(kind, sites.stream().filter(site -> site.kind() == kind).count()))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", ")));
  }

  private static String kinds(Kind kind, long count) {
    if (count == 0) {
      return "";
    }
    String plural = kind == Kind.BIAS ? "es" : "s";
    return "%d %s%s".formatted(count, Notation.kind(kind), count == 1 ? "" : plural);
  }

  private static Optional<Element> worst(List<Site> sites) {
    return sites.stream()
        .filter(site -> site.measure().isPresent())
        .min(Comparator.comparingDouble(site -> site.measure().orElseThrow().sqnrDb()))
        .map(
            site ->
                card(
                    "Lowest SQNR",
                    Notation.decibels(site.measure().orElseThrow().sqnrDb()),
                    site.name()));
  }

  private static Element card(String what, String value, String note) {
    return Element.of(
        "div",
        Element.of("dt", what),
        Element.of("dd", value).set("class", "value"),
        Element.of("dd", note).set("class", "note"));
  }
}
