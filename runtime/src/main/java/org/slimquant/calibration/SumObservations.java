package org.slimquant.calibration;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.graph.TensorElements;
import org.slimquant.runtime.graph.UninitializedVariables;
import org.slimquant.runtime.site.LayerSum;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/** Reads the magnitudes of the biases of sums. */
final class SumObservations {

  private SumObservations() {}

  /**
   * Returns the statistics of {@code sums}, in their order.
   *
   * @param batch the number of the batch, for messages
   * @throws IllegalStateException if variables have no value
   * @throws IllegalArgumentException if a bias has elements that are not finite
   */
  static List<SumStatistics> run(Session session, List<LayerSum> sums, long batch) {
    // A bias that layers share is fetched once: a result has each name only once.
    List<Output<?>> fetched =
        sums.stream().flatMap(sum -> sum.biases().stream()).distinct().toList();
    if (fetched.isEmpty()) {
      return sums.stream().map(SumObservations::withoutBias).toList();
    }
    Session.Runner runner = session.runner();
    fetched.forEach(runner::fetch);
    List<SumStatistics> statistics = new ArrayList<>();
    try (Result result = UninitializedVariables.run(session, runner, fetched)) {
      for (LayerSum sum : sums) {
        List<Double> magnitudes = new ArrayList<>(Collections.nCopies(sum.channels(), 0.0));
        for (Output<?> bias : sum.biases()) {
          add(magnitudes, sum, bias, (TFloat32) result.get(fetched.indexOf(bias)), batch);
        }
        statistics.add(SumStatistics.unobserved(sum).with(magnitudes));
      }
    }
    return statistics;
  }

  private static SumStatistics withoutBias(LayerSum sum) {
    return SumStatistics.unobserved(sum).with(Collections.nCopies(sum.channels(), 0.0));
  }

  /** Adds the magnitude of a bias, which has an element for each channel, to those of the sum. */
  private static void add(
      List<Double> magnitudes, LayerSum sum, Output<?> bias, TFloat32 values, long batch) {
    float[] elements = TensorElements.of(values);
    double[] largest = new double[magnitudes.size()];
    for (int i = 0; i < elements.length; i++) {
      Observations.requireFinite(sum.bias(), Operands.name(bias), elements[i], batch);
      int channel = i % largest.length;
      largest[channel] = Math.max(largest[channel], Math.abs(elements[i]));
    }
    for (int channel = 0; channel < largest.length; channel++) {
      magnitudes.set(channel, magnitudes.get(channel) + largest[channel]);
    }
  }
}
