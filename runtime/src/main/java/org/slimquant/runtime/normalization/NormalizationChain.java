package org.slimquant.runtime.normalization;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slimquant.runtime.graph.Channels;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.layer.BiasFinder;
import org.slimquant.runtime.layer.KernelFinder;
import org.slimquant.runtime.layer.LayerCall;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * The ops from a layer's kernel op to the last op that scales or shifts its sums channel by
 * channel.
 *
 * <pre>{@code
 * Conv2D ─▶ BiasAdd ─▶ FusedBatchNormV3 ─▶ Relu         the chain: BiasAdd, FusedBatchNormV3
 * Conv2D ─▶ Sub μ ─▶ Mul 1/σ ─▶ Mul γ ─▶ Add β ─▶       the chain: Sub, Mul, Mul, Add
 * Conv2D ─▶ BiasAdd ─▶ Relu                              no chain, because no op scales the sums
 * Conv2D ─▶ BiasAdd ─▶ Relu ─▶ FusedBatchNormV3 ─▶      no chain
 * }</pre>
 *
 * <p>Every tensor of the chain except its last is read by one op, the next of the chain: otherwise
 * another op would read sums that the folded layer no longer computes.
 *
 * @param kernel the edge over which the kernel op reads the kernel
 * @param channels the output channels of the kernel
 * @param ops the ops, at least one; only the last may normalize by the statistics of the batch
 */
record NormalizationChain(Edge kernel, Channels channels, List<ChainOp> ops) {

  NormalizationChain {
    ops = List.copyOf(ops);
  }

  /** Returns the chain of a layer, if an op scales its sums. */
  static Optional<NormalizationChain> find(LayerCall call, Edge kernel, KernelFinder weights) {
    if (!BiasFinder.hasChannelsLast(kernel) || kernel.source().shape().hasUnknownDimension()) {
      return Optional.empty();
    }
    Channels channels = Channels.of(kernel, call.layer());
    Set<GraphOperation> own = new HashSet<>(call.operations());
    List<ChainOp> ops = new ArrayList<>();
    int count = 0;
    Optional<ChainOp> next = next(kernel.reader().output(0), own, channels.count(), weights);
    while (next.isPresent()) {
      ChainOp op = next.get();
      ops.add(op);
      if (op.kind() != ChainOp.Kind.SHAPE) {
        count = ops.size();
      }
      next =
          op.kind() == ChainOp.Kind.NORMALIZE_BATCH
              ? Optional.empty()
              : next(op.result(), own, channels.count(), weights);
    }
    return ops.stream().anyMatch(op -> op.kind().scales())
        ? Optional.of(new NormalizationChain(kernel, channels, ops.subList(0, count)))
        : Optional.empty();
  }

  private static Optional<ChainOp> next(
      Output<?> sums, Set<GraphOperation> own, int channels, KernelFinder weights) {
    List<Edge> readers = NativeGraph.readers(sums);
    return readers.size() == 1 && own.contains(readers.get(0).reader())
        ? ChainOp.of(readers.get(0), channels, weights)
        : Optional.empty();
  }

  /** Returns the last op. */
  ChainOp last() {
    return ops.get(ops.size() - 1);
  }

  /** Returns the tensor that the layer reads after the chain. */
  Output<?> result() {
    return last().result();
  }

  /** Returns the ops that a folded layer does not need: those that scale or shift the sums. */
  List<GraphOperation> arithmetic() {
    return ops.stream()
        .filter(op -> op.kind() != ChainOp.Kind.SHAPE)
        .map(op -> op.data().reader())
        .toList();
  }

  /**
   * Makes the ops that give another shape to the sums read them without the ops between.
   *
   * @param count the number of ops of the chain that count
   * @return the sums after these ops, neither scaled nor shifted
   */
  Output<?> withoutArithmetic(int count) {
    Output<?> sums = kernel.reader().output(0);
    for (ChainOp op : ops.subList(0, count)) {
      if (op.kind() == ChainOp.Kind.SHAPE) {
        if (!op.data().source().equals(sums)) {
          NativeGraph.reroute(op.data(), sums);
        }
        sums = op.result();
      }
    }
    return sums;
  }
}
