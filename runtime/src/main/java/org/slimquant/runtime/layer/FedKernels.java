package org.slimquant.runtime.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * Tells which ops of a layer read a kernel that is computed from data.
 *
 * <pre>{@code
 * x ──────────────────────▶ Conv2D       w ─▶ Mul ─▶ MatMul        q ─▶ MatMul
 * w ─▶ Mul ─▶ (kernel) ─────▲            gate(x) ─▲    ▲─ x         k ───▲
 *      ▲─ statistics of x
 *
 * a kernel                               a kernel                   none: two activations
 * }</pre>
 *
 * <p>The tensor that a convolution reads at its kernel's input is a kernel. A factor of a matrix
 * product is a kernel if a weight with as many elements, along two axes at least, flows into it
 * within the layer, without another kernel op in between. A bias does not count, because it has
 * fewer elements. An activation is no kernel, because there is a kernel op in between.
 */
final class FedKernels {

  private final KernelFinder finder;
  private final Set<GraphOperation> own;

  FedKernels(KernelFinder finder, LayerCall call) {
    this.finder = finder;
    this.own = new HashSet<>(call.operations());
  }

  /** Returns whether an op of the layer reads such a kernel. */
  boolean isRead(GraphOperation operation) {
    if (OpKind.of(operation.type()).role().isConvolution()) {
      return !finder.isWeight(operation.input(OpRole.KERNEL));
    }
    List<Output<?>> factors =
        IntStream.range(0, operation.numInputs()).<Output<?>>mapToObj(operation::input).toList();
    return KernelFinder.isProduct(operation)
        && factors.stream().noneMatch(finder::isWeight)
        && factors.stream().anyMatch(this::isWeighted);
  }

  private boolean isWeighted(Output<?> factor) {
    long size = size(factor.shape());
    Set<GraphOperation> seen = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>(List.of((GraphOperation) factor.op()));
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (!own.contains(operation) || !seen.add(operation) || isKernelOp(operation)) {
        continue;
      }
      for (int i = 0; i < operation.numInputs(); i++) {
        Output<?> input = operation.input(i);
        if (finder.isWeight(input)) {
          if (size > 1 && isMatrix(input.shape()) && size(input.shape()) == size) {
            return true;
          }
        } else {
          open.push((GraphOperation) input.op());
        }
      }
    }
    return false;
  }

  private static boolean isKernelOp(GraphOperation operation) {
    return OpKind.of(operation.type()).role().isConvolution() || KernelFinder.isProduct(operation);
  }

  private static boolean isMatrix(Shape shape) {
    return IntStream.range(0, shape.numDimensions()).filter(i -> shape.get(i) > 1).count() >= 2;
  }

  /** Returns the number of elements, or -1 if it is not known. */
  private static long size(Shape shape) {
    return shape.isUnknown() || shape.hasUnknownDimension() ? -1 : shape.size();
  }
}
