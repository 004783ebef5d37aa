package org.slimquant.sensitivity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.InitialValues;
import org.slimquant.runtime.fakequant.ProbePlacement;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.graph.UninitializedVariables;
import org.slimquant.sensitivity.Sensitivity.Batch;
import org.slimquant.sensitivity.Sensitivity.Effect;
import org.slimquant.sensitivity.Sensitivity.SiteEffects;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Runs a model with each of its sites quantized alone, and adds up the effects. */
final class SensitivityAnalysis {

  private static final List<Integer> SHIFTS = List.of(-1, 0, 1);

  /** A site with one exponent, or no site, and the sums of its effects in the batches so far. */
  private static final class Probe {
    private final int number;
    private final int shift;
    private final String name;
    private double noise;
    private long right;

    Probe(int number, int shift, String name) {
      this.number = number;
      this.shift = shift;
      this.name = name;
    }
  }

  private final Session session;
  private final ProbePlacement probing;
  private final Operand<TFloat32> output;
  private final SensitivityListener listener;
  private final Probe none = new Probe(ProbePlacement.NO_SITE, 0, "nothing is quantized");

  /** The probes of each site, in the order of the sites. */
  private final List<List<Probe>> probes;

  private double signal;
  private long labels;
  private long batches;

  SensitivityAnalysis(
      Session session,
      ProbePlacement probing,
      Operand<TFloat32> output,
      SensitivityListener listener) {
    this.session = session;
    this.probing = probing;
    this.output = output;
    this.listener = listener;
    Set<String> read = ancestors((GraphOperation) output.asOutput().op());
    this.probes = new ArrayList<>();
    for (Site site : probing.sites()) {
      probes.add(read.contains(site.name()) ? probes(probes.size(), site) : List.of());
    }
  }

  private static List<Probe> probes(int number, Site site) {
    List<Probe> probes = new ArrayList<>();
    for (int shift : SHIFTS) {
      shifted(site, shift)
          .ifPresent(
              format ->
                  probes.add(
                      new Probe(
                          number, shift, "%s is quantized to %s".formatted(site.name(), format))));
    }
    return probes;
  }

  /** Returns the format of a site with other exponents, if there is such a format. */
  private static Optional<Format> shifted(Site site, int shift) {
    return site.kind() == Kind.BIAS && shift != 0 ? Optional.empty() : site.format().shifted(shift);
  }

  /** Returns the names of the ops that an op's outputs are computed from, its own among them. */
  private static Set<String> ancestors(GraphOperation operation) {
    Set<String> names = new HashSet<>(Set.of(operation.name()));
    Deque<GraphOperation> open = new ArrayDeque<>(List.of(operation));
    while (!open.isEmpty()) {
      GraphOperation next = open.pop();
      for (int i = 0; i < next.numInputs(); i++) {
        GraphOperation input = (GraphOperation) next.input(i).op();
        if (names.add(input.name())) {
          open.push(input);
        }
      }
    }
    return names;
  }

  /**
   * Runs a batch with each probe.
   *
   * @throws IllegalStateException if variables have no value, or none but their initial ones
   * @throws IllegalArgumentException if its labels do not fit, or its output has no elements or one
   *     that is not finite
   */
  void add(Batch batch) {
    if (batches == 0) {
      InitialValues.refuse(session, List.of(output));
    }
    batches++;
    List<Probe> all = probes.stream().flatMap(List::stream).toList();
    Scores exact = run(batch, none);
    requireLabels(batch, exact);
    labels += batch.labels().map(List::size).orElse(0);
    none.right += batch.labels().map(exact::right).orElse(0L);
    signal += exact.squares();
    listener.ran(batches, 1, 1 + all.size());
    for (int i = 0; i < all.size(); i++) {
      Probe probe = all.get(i);
      Scores scores = run(batch, probe);
      probe.noise += scores.squaredDistance(exact);
      probe.right += batch.labels().map(scores::right).orElse(0L);
      listener.ran(batches, 2 + i, 1 + all.size());
    }
  }

  private Scores run(Batch batch, Probe probe) {
    try (TInt32 number = TInt32.scalarOf(probe.number);
        TFloat32 factor = TFloat32.scalarOf(Math.scalb(1f, probe.shift))) {
      // The output is fetched first, so that the caller's fetches follow it.
      Session.Runner runner =
          session
              .runner()
              .fetch(output)
              .feed(probing.site(), number)
              .feed(probing.factor(), factor);
      batch.feed().accept(runner);
      try (Result result = UninitializedVariables.run(session, runner, List.of(output))) {
        Scores scores = Scores.of((TFloat32) result.get(0));
        scores
            .notFinite()
            .ifPresent(
                element -> {
                  throw new IllegalArgumentException(
                      "%s must be finite to be compared, but has the element %s in batch %d when %s"
                          .formatted(outputName(), element, batches, probe.name));
                });
        return scores;
      }
    }
  }

  private void requireLabels(Batch batch, Scores exact) {
    if (exact.isEmpty()) {
      throw new IllegalArgumentException(
          "a batch must have an output, but %s has no elements in batch %d; feed samples"
              .formatted(outputName(), batches));
    }
    boolean labelled = batch.labels().isPresent();
    if (batches > 1 && labelled != labels > 0) {
      throw new IllegalArgumentException(
          "all batches must have labels or none, but batch %d has %s"
              .formatted(batches, labelled ? "some and batch 1 none" : "none and batch 1 some"));
    }
    List<Integer> given = batch.labels().orElse(List.of());
    if (labelled && given.size() != exact.samples()) {
      throw new IllegalArgumentException(
          "a batch must have a label for each sample, but batch %d has %d for %d of %s, whose shape is %s"
              .formatted(batches, given.size(), exact.samples(), outputName(), exact.shape()));
    }
    for (int label : given) {
      if (label < 0 || label >= exact.classes()) {
        throw new IllegalArgumentException(
            "a label must be a class of %s, 0 to %d, but batch %d has %d"
                .formatted(outputName(), exact.classes() - 1, batches, label));
      }
    }
  }

  private String outputName() {
    return Operands.name(output.asOutput());
  }

  /**
   * Returns the sensitivity.
   *
   * @throws IllegalArgumentException if there was no batch
   */
  Sensitivity sensitivity() {
    if (batches == 0) {
      throw new IllegalArgumentException(
          "an analysis must have at least one batch, but has none; give it one");
    }
    List<Site> sites = probing.sites();
    List<SiteEffects> effects = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      effects.add(new SiteEffects(sites.get(i), probes.get(i).stream().map(this::effect).toList()));
    }
    return new Sensitivity(batches, accuracy(none), effects);
  }

  private Effect effect(Probe probe) {
    double sqnrDb =
        probe.noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / probe.noise);
    return new Effect(probe.shift, sqnrDb, accuracy(probe));
  }

  private OptionalDouble accuracy(Probe probe) {
    return labels == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) probe.right / labels);
  }
}
