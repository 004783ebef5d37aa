package org.slimquant.deploy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.certificate.Excess;
import org.slimquant.deploy.certificate.OpProof;
import org.slimquant.deploy.certificate.Rule;
import org.slimquant.deploy.certificate.SumProof;
import org.slimquant.deploy.certificate.TieText;
import org.slimquant.deploy.report.html.Drawing;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlNode;
import org.slimquant.deploy.report.html.HtmlTable;
import org.slimquant.format.Exponents;
import org.slimquant.format.Float32;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.SumBounds;

/**
 * The section that shows how wide the sums of each layer get, and whether float32 computes the
 * same.
 */
final class AccumulatorsSection {

  private static final double BAR_WIDTH = 128;
  private static final double BAR_HEIGHT = 10;

  private AccumulatorsSection() {}

  static List<HtmlNode> of(Content content) {
    return content
        .certificate()
        .map(AccumulatorsSection::of)
        .orElseGet(() -> content.model().map(AccumulatorsSection::of).orElse(List.of()));
  }

  private static List<HtmlNode> of(ExactnessCertificate certificate) {
    List<HtmlNode> nodes = new ArrayList<>();
    nodes.add(
        Element.of(
                "p",
                HtmlTable.tag(
                    certificate.exact() ? "good" : "bad",
                    certificate.exact() ? "exact" : "not proven"),
                HtmlTable.text(
                    certificate.exact()
                        ? " The float32 graph that was trained and the integers that are shipped"
                            + " compute the same codes, for every input and in any order of"
                            + " summation."
                        : " The integers are right, but the float32 graph may compute other"
                            + " codes."))
            .set("class", "lead"));
    HtmlTable table =
        new HtmlTable(
            "Accumulators, for every input",
            "op",
            "type",
            "bits of 32",
            "headroom",
            "largest sum",
            "of 2²⁴",
            "shift",
            "float32");
    certificate.ops().stream()
        .filter(op -> !op.sums().isEmpty())
        .forEach(
            op ->
                table.row(
                    HtmlTable.code(op.name()),
                    HtmlTable.text(op.type()),
                    bar(op.accumulatorBits()),
                    HtmlTable.text(Notation.bits(op.headroom())),
                    HtmlTable.text(Notation.count(op.magnitude())),
                    HtmlTable.text(Notation.percent((double) op.magnitude() / Rule.SUM.limit())),
                    HtmlTable.text(shifts(op)),
                    op.exact()
                        ? HtmlTable.tag("good", "exact")
                        : HtmlTable.tag("bad", "not proven")));
    nodes.add(table.element());
    Element reasons = Element.of("ul");
    certificate.ops().forEach(op -> reasons(op).forEach(reason -> reasons.add(reason)));
    if (!certificate.exact()) {
      nodes.add(reasons);
    }
    List<String> ties = certificate.ops().stream().flatMap(op -> TieText.of(op).stream()).toList();
    if (!ties.isEmpty()) {
      nodes.add(
          Element.of("p", "Tables, and the values of their functions that are nearest to a tie:"));
      nodes.add(Element.of("ul").add(ties.stream().map(tie -> Element.of("li", tie)).toList()));
    }
    nodes.add(assumptions());
    return nodes;
  }

  private static String shifts(OpProof op) {
    int smallest = op.sums().stream().mapToInt(SumProof::shift).min().orElse(0);
    int largest = op.sums().stream().mapToInt(SumProof::shift).max().orElse(0);
    return (smallest == largest ? String.valueOf(smallest) : smallest + "…" + largest)
        .replace('-', '−');
  }

  /** Returns the rules that are not proven for an op, each with its worst sum. */
  private static List<HtmlNode> reasons(OpProof op) {
    List<HtmlNode> reasons = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      Stream.concat(
              op.excesses().stream(), op.sums().stream().flatMap(sum -> sum.excesses().stream()))
          .filter(excess -> excess.rule() == rule)
          .max((a, b) -> Long.compare(a.actual(), b.actual()))
          .map(Excess::toString)
          .ifPresent(
              text ->
                  reasons.add(
                      Element.of("li", HtmlTable.code(op.name()), HtmlTable.text(": " + text))));
    }
    return reasons;
  }

  private static Element assumptions() {
    return Element.of(
        "details",
        Element.of("summary", "What the certificate assumes"),
        Element.of("ul")
            .add(
                ExactnessCertificate.assumptions().stream()
                    .map(assumption -> Element.of("li", assumption.text()))
                    .toList()));
  }

  private static List<HtmlNode> of(IntegerModel model) {
    if (model.layers().isEmpty()) {
      return List.of();
    }
    HtmlTable table =
        new HtmlTable(
            "Accumulators, for every input", "op", "type", "bits of 32", "headroom", "largest sum");
    for (WeightedOp layer : model.layers()) {
      long largest = LongStream.of(SumBounds.magnitudes(layer)).max().orElse(0);
      int bits = Exponents.bitsOf(largest) + 1;
      table.row(
          HtmlTable.code(layer.name()),
          HtmlTable.text(layer.type()),
          bar(bits),
          HtmlTable.text(Notation.bits(Integer.SIZE - bits)),
          HtmlTable.text(Notation.count(largest)));
    }
    return List.of(table.element());
  }

  /** Returns a bar of 32 bits, with a mark at the bits that float32 adds exactly. */
  private static Element bar(int bits) {
    double bit = BAR_WIDTH / Integer.SIZE;
    boolean wide = bits > Float32.SIGNIFICAND_BITS + 1;
    Element svg =
        Element.of("svg")
            .set("viewBox", "0 0 %d %d".formatted((int) BAR_WIDTH, (int) BAR_HEIGHT))
            .set("class", "bits")
            .set("aria-hidden", "true")
            .add(
                Drawing.rectangle("room", 0, 0, BAR_WIDTH, BAR_HEIGHT),
                Drawing.rectangle(
                    wide ? "bar clipped" : "bar",
                    0,
                    0,
                    bit * Math.min(bits, Integer.SIZE),
                    BAR_HEIGHT),
                Drawing.line(
                    "bound",
                    bit * (Float32.SIGNIFICAND_BITS + 1),
                    0,
                    bit * (Float32.SIGNIFICAND_BITS + 1),
                    BAR_HEIGHT));
    return Element.of("span", svg, HtmlTable.text(" " + bits)).set("class", "nowrap");
  }
}
