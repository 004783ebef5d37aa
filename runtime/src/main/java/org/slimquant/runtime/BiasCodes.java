package org.slimquant.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Float32;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.TensorElements;
import org.slimquant.runtime.graph.UninitializedVariables;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/**
 * Finds the biases of a graph, as a session has them, that have no 32-bit code, and those that
 * float32 cannot add exactly.
 *
 * <p>A code is exact by itself, because a bias has no more than 24 significant bits. Its sum with
 * an accumulator is exact as long as no part of it exceeds 2^24.
 */
final class BiasCodes {

  private final Site site;
  private final float[] values;

  private BiasCodes(Site site, float[] values) {
    this.site = site;
    this.values = values;
  }

  static List<Remark> remarks(Session session, List<Site> sites) {
    List<Site> biases = sites.stream().filter(site -> site.kind() == Kind.BIAS).toList();
    if (biases.isEmpty()) {
      return List.of();
    }
    List<Remark> remarks = new ArrayList<>();
    // The tensors that the fake quants read, because those that they return are clipped. A tensor
    // that layers share is read once.
    List<String> tensors = biases.stream().map(Site::tensor).distinct().toList();
    List<Output<?>> fetched =
        tensors.stream().<Output<?>>map(session.graph()::outputOrThrow).toList();
    InitialValues.refuse(session, fetched);
    Session.Runner runner = session.runner();
    fetched.forEach(runner::fetch);
    try (Result result = UninitializedVariables.run(session, runner, fetched)) {
      for (Site site : biases) {
        TFloat32 values = (TFloat32) result.get(tensors.indexOf(site.tensor()));
        new BiasCodes(site, TensorElements.of(values)).remark().ifPresent(remarks::add);
      }
    }
    return remarks;
  }

  private Optional<Remark> remark() {
    List<Integer> clipped =
        IntStream.range(0, values.length)
            .filter(i -> code(i) > BiasFormat.MAX_CODE)
            .boxed()
            .toList();
    if (!clipped.isEmpty()) {
      return Optional.of(new Remark(site.name(), clipped(clipped)));
    }
    long tooLarge =
        IntStream.range(0, values.length).filter(i -> code(i) > Float32.LARGEST_EXACT).count();
    return tooLarge == 0
        ? Optional.empty()
        : Optional.of(
            new Remark(
                site.name(),
                "%d of %d codes are beyond 24 bits: float32 does not add them exactly"
                    .formatted(tooLarge, values.length)));
  }

  private String clipped(List<Integer> channels) {
    int worst = channels.stream().max(Comparator.comparingDouble(this::code)).orElseThrow();
    double limit = Math.scalb((double) BiasFormat.MAX_CODE, frac(worst));
    return ("%d of %d values are beyond 32 bits in steps of 2^%d: %s in channel %d becomes %s;"
            + " calibrate again, or let kernelFrac be larger by %d")
        .formatted(
            channels.size(),
            values.length,
            frac(worst),
            values[worst],
            worst,
            (float) Math.copySign(limit, values[worst]),
            Math.getExponent(code(worst)) + 1 - BiasFormat.CALIBRATED_BITS);
  }

  /** Returns the magnitude of a value in steps. */
  private double code(int channel) {
    return Math.scalb((double) Math.abs(values[channel]), -frac(channel));
  }

  private int frac(int channel) {
    List<Integer> fracs = site.format().fracs();
    return fracs.get(channel % fracs.size());
  }
}
