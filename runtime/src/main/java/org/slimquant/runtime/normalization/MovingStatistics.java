package org.slimquant.runtime.normalization;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.graph.VariableWriters;
import org.slimquant.runtime.graph.Variables;
import org.slimquant.runtime.layer.KernelFinder;
import org.slimquant.runtime.layer.LayerCall;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * The moving statistics of a normalization that normalizes by the statistics of the batch.
 *
 * <p>They are the fused op's inputs, or else the variables that are updated with its outputs:
 *
 * <pre>{@code
 * moving_mean ─▶ FusedBatchNormV3                  FusedBatchNormV3:1 ─▶ Sub ─▶ Mul ─▶ AssignSub
 *                                                                         moving_mean ──▲
 * }</pre>
 *
 * @param mean the moving mean
 * @param variance the moving variance
 */
record MovingStatistics(Output<?> mean, Output<?> variance) {

  /** A number of ops that no update of a moving statistic has. */
  private static final int FAR = 50;

  /**
   * Returns the statistics of a fused op that trains.
   *
   * @throws IllegalStateException if they are not known
   */
  static MovingStatistics of(
      LayerCall call, GraphOperation normalization, int channels, KernelFinder weights) {
    return new MovingStatistics(
        statistic(call, normalization, 1, channels, weights),
        statistic(call, normalization, 2, channels, weights));
  }

  /**
   * Returns a moving statistic.
   *
   * @param output the output of the fused op with the statistic of the batch
   */
  private static Output<?> statistic(
      LayerCall call,
      GraphOperation normalization,
      int output,
      int channels,
      KernelFinder weights) {
    Output<?> input = normalization.input(output + 2);
    if (input.shape().size() == channels && weights.isWeight(input)) {
      return input;
    }
    return updated(normalization.output(output))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    ("layer %s must know the moving %s of its batch normalization %s (%s), but no op"
                            + " of the layer updates a variable with %s:%d; let the layer method add"
                            + " that op, or use org.slimquant.runtime.BatchNorm")
                        .formatted(
                            call.layer(),
                            output == 1 ? "mean" : "variance",
                            normalization.name(),
                            normalization.type(),
                            normalization.name(),
                            output)));
  }

  /** Returns the variable that is written with a value computed from a tensor. */
  private static Optional<Output<?>> updated(Output<?> statistic) {
    Deque<Output<?>> open = new ArrayDeque<>(List.of(statistic));
    Set<Output<?>> seen = new HashSet<>(open);
    while (!open.isEmpty() && seen.size() < FAR) {
      for (Edge reader : NativeGraph.readers(open.remove())) {
        Optional<Output<?>> variable =
            VariableWriters.written(reader.reader()).stream()
                .findFirst()
                .flatMap(MovingStatistics::value);
        if (variable.isPresent()) {
          return variable;
        }
        for (int i = 0; i < reader.reader().numOutputs(); i++) {
          Output<?> output = reader.reader().output(i);
          if (seen.add(output)) {
            open.add(output);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Output<?>> value(GraphOperation variable) {
    return Variables.value(variable);
  }
}
