package org.slimquant.deploy.certificate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.slimquant.format.Exponents;
import org.slimquant.io.TextTable;

/**
 * Writes a certificate for people:
 *
 * <pre>{@code
 * Model lenet is NOT PROVEN EXACT: …
 *
 * conv1 (Conv2D) channel 3 and 2 more: a partial sum must be at most 2^24 = 16777216 …
 *
 * op     type     sums  largest   of 2^24    shift  rounding bits  accumulator  headroom
 * conv1  Conv2D   16    20000000  119.209 %  5..7   13..15         26 bits      6 bits
 * pool1  MaxPool  moves codes
 * act    Table    looks up codes
 *
 * Tables:
 * - act: the value of code 17 is nearest to a tie, 152.5 ulps away; …
 *
 * Assumptions:
 * - …
 * }</pre>
 */
final class CertificateText {

  private static final List<String> HEADER =
      List.of(
          "op",
          "type",
          "sums",
          "largest",
          "of 2^24",
          "shift",
          "rounding bits",
          "accumulator",
          "headroom");

  private static final String EXACT =
      "Model %s is EXACT: its float32 fake-quant graph and its integers compute the same codes for"
          + " every input, in any order of summation.";
  private static final String NOT_PROVEN =
      "Model %s is NOT PROVEN EXACT: its integers are right, but its float32 fake-quant graph may"
          + " compute other codes, for the following reasons.";

  private CertificateText() {}

  static String of(ExactnessCertificate certificate) {
    List<String> blocks = new ArrayList<>();
    blocks.add((certificate.exact() ? EXACT : NOT_PROVEN).formatted(certificate.model()));
    String reasons =
        certificate.ops().stream().flatMap(op -> reasons(op).stream()).collect(lines());
    if (!reasons.isEmpty()) {
      blocks.add(reasons);
    }
    blocks.add(table(certificate));
    String tables =
        certificate.ops().stream()
            .flatMap(op -> TieText.of(op).stream())
            .map(text -> "- " + text)
            .collect(lines());
    if (!tables.isEmpty()) {
      blocks.add("Tables:\n" + tables);
    }
    blocks.add(
        "Assumptions:\n"
            + ExactnessCertificate.assumptions().stream()
                .map(assumption -> "- " + assumption.text())
                .collect(lines()));
    return String.join("\n\n", blocks);
  }

  /**
   * Returns a line for each rule that the op breaks as a whole, and for its worst sum of a rule.
   */
  private static List<String> reasons(OpProof op) {
    List<String> reasons = new ArrayList<>();
    op.excesses().forEach(excess -> reasons.add(reason(op, "all", excess)));
    for (Rule rule : Rule.values()) {
      List<Breach> breaches =
          op.sums().stream()
              .flatMap(sum -> sum.excesses().stream().map(excess -> new Breach(sum, excess)))
              .filter(breach -> breach.excess().rule() == rule)
              .toList();
      breaches.stream()
          .max(Comparator.comparingLong(breach -> breach.excess().actual()))
          .ifPresent(
              worst -> reasons.add(reason(op, named(worst, breaches.size() - 1), worst.excess())));
    }
    return reasons;
  }

  private static String reason(OpProof op, String sums, Excess excess) {
    return "%s (%s) %s: %s; choose %s"
        .formatted(op.name(), op.type(), sums, excess, excess.rule().remedy());
  }

  private static String named(Breach worst, int others) {
    return worst.sum().name() + (others > 0 ? " and %d more".formatted(others) : "");
  }

  private record Breach(SumProof sum, Excess excess) {}

  private static String table(ExactnessCertificate certificate) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    certificate.ops().forEach(op -> rows.add(row(op)));
    return TextTable.of(rows);
  }

  private static List<String> row(OpProof op) {
    if (op.type().equals("Table")) {
      return List.of(op.name(), op.type(), "looks up codes");
    }
    if (op.sums().isEmpty()) {
      return List.of(op.name(), op.type(), "moves codes");
    }
    return List.of(
        op.name(),
        op.type(),
        String.valueOf(op.sums().size()),
        String.valueOf(op.magnitude()),
        String.format(Locale.ROOT, "%.3f %%", 100.0 * op.magnitude() / Rule.SUM.limit()),
        range(op, SumProof::shift),
        range(op, SumProof::roundingBits),
        op.accumulatorBits() + " bits",
        op.headroom() + " bits");
  }

  private static String range(OpProof op, ToIntFunction<SumProof> number) {
    int min = op.sums().stream().mapToInt(number).min().orElseThrow();
    int max = op.sums().stream().mapToInt(number).max().orElseThrow();
    return Exponents.range(min, max);
  }

  private static Collector<CharSequence, ?, String> lines() {
    return Collectors.joining("\n");
  }
}
