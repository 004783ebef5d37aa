package org.slimquant.sensitivity;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slimquant.plan.QuantizationPlan.Site;
import org.tensorflow.Session;

/**
 * The error that each quantized tensor causes in the output of a model, when it is quantized alone
 * and all others are float.
 *
 * <pre>{@code
 * try (Graph graph = new Graph()) {
 *   ProbingQuantizer quantizer = ProbingQuantizer.of(graph, plan);
 *   Operand<TFloat32> logits = new QuantizedLeNet(Ops.create(graph), quantizer).logits(images);
 *   try (Session session = new Session(graph)) {
 *     session.restore(checkpoint);
 *     List<Batch> batches = List.of(Batch.of(runner -> runner.feed(images, tensor), labels), …);
 *     System.out.println(quantizer.analyze(session, logits, batches));
 *   }
 * }
 * }</pre>
 *
 * <p>The table has the worst tensor first: its layer gains most from 16 bits. Each tensor is tried
 * with the exponent {@code d} of its format, with {@code d - 1} (half the step, half the range) and
 * with {@code d + 1}. The exponents of a kernel's channels are all changed together. If another
 * exponent gives a better output, the format with that exponent may be better, too. A bias is tried
 * with {@code d} only, because its step follows from those of input and kernel.
 *
 * <p>Each batch runs the model once as float, and once for each tensor and exponent. The memory
 * does not grow with the number of batches. The order of the sums is that of batches and elements.
 *
 * @param batches the number of batches that were run
 * @param floatAccuracy the share of labels that the float model finds, if there were labels
 * @param sites every tensor of the plan, in its order
 */
public record Sensitivity(long batches, OptionalDouble floatAccuracy, List<SiteEffects> sites) {

  /**
   * Some samples that the model is fed, with their labels.
   *
   * @param feed feeds a runner; it is called for each run, and the tensors that it feeds stay open
   *     until the next batch is requested
   * @param labels the class of each sample, from 0, if known: the index that should have the
   *     highest element, along the output's last axis
   */
  public record Batch(Consumer<Session.Runner> feed, Optional<List<Integer>> labels) {

    /** Creates a batch. */
    public Batch {
      labels = labels.map(List::copyOf);
    }

    /** Returns a batch without labels. */
    public static Batch of(Consumer<Session.Runner> feed) {
      return new Batch(feed, Optional.empty());
    }

    /** Returns a batch whose samples have these classes. */
    public static Batch of(Consumer<Session.Runner> feed, int[] labels) {
      return new Batch(feed, Optional.of(IntStream.of(labels).boxed().toList()));
    }
  }

  /**
   * The effects of quantizing a tensor.
   *
   * @param site the tensor, as the plan has it
   * @param effects the effect of each exponent that was tried, by ascending shift: -1, 0, 1 without
   *     those that no format may have; 0 for a bias; none if the output does not depend on the
   *     tensor
   */
  public record SiteEffects(Site site, List<Effect> effects) {

    /** Creates a record. */
    public SiteEffects {
      effects = List.copyOf(effects);
    }

    /** Returns the effect of the exponents {@code d + shift}, if they were tried. */
    public Optional<Effect> at(int shift) {
      return effects.stream().filter(effect -> effect.shift() == shift).findFirst();
    }
  }

  /**
   * The effect of one exponent on the output.
   *
   * @param shift the number that is added to the exponents of the format
   * @param sqnrDb the signal-to-quantization-noise ratio of the output {@code y} in decibels,
   *     {@code 10 log10(Σy² / Σ(q - y)²)}, where {@code q} is the output with the tensor quantized;
   *     infinite if no element differs, negative infinity if only {@code q} has other elements than
   *     0
   * @param accuracy the share of labels that the model finds, if there were labels
   */
  public record Effect(int shift, double sqnrDb, OptionalDouble accuracy) {}

  /** Creates a record. */
  public Sensitivity {
    sites = List.copyOf(sites);
  }

  /**
   * Returns the sites with the smallest SQNR at {@code d} first; those that the output does not
   * depend on come last.
   */
  public List<SiteEffects> worstFirst() {
    return sites.stream()
        .sorted(
            Comparator.comparing((SiteEffects site) -> site.effects().isEmpty())
                .thenComparing(
                    site -> site.at(0).map(Effect::sqnrDb).orElse(Double.POSITIVE_INFINITY)))
        .toList();
  }

  /** Returns a table with a row for each site, the worst first. */
  @Override
  public String toString() {
    return SensitivityTable.of(this);
  }
}
