package org.slimquant.runtime.layer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.EinsumLabels;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * Finds the edges over which a layer's ops read its bias: a vector of weights that is added to, or
 * subtracted from, the result of the kernel op, as it is or with its elements in another shape or
 * order. The last axis stays the last.
 *
 * <pre>{@code
 * Conv2D ─▶ BiasAdd ─▶          MatMul ─▶ Add ─▶          Conv2D ─▶ Squeeze ─▶ BiasAdd ─▶
 *   bias ───▲                   bias ──────▲                            bias ───▲
 * }</pre>
 *
 * <p>Three tensors are no biases: a matrix; an activation; a tensor that is added before the kernel
 * op, or after an op that changes the result (Mul, Relu), where the accumulator's grid is lost.
 */
public final class BiasFinder {

  private static final Set<String> SHAPERS =
      Set.of("BatchToSpaceND", "ExpandDims", "Identity", "Reshape", "SplitV", "Squeeze");

  private static final Set<String> SUMS = Set.of("Add", "AddV2");

  private final KernelFinder weights;

  public BiasFinder(KernelFinder weights) {
    this.weights = weights;
  }

  /** Returns the edges over which the layer reads a bias, in the order of their readers. */
  public List<Edge> find(LayerCall call, Edge kernel) {
    Set<Output<?>> accumulators = new HashSet<>(List.of(kernel.reader().output(0)));
    List<Edge> biases = new ArrayList<>();
    for (GraphOperation operation : call.operations()) {
      Optional<Edge> bias = bias(operation, accumulators);
      bias.ifPresent(biases::add);
      if (bias.isPresent()
          || (SHAPERS.contains(operation.type()) && accumulators.contains(operation.input(0)))) {
        accumulators.addAll(outputs(operation));
      }
    }
    return biases;
  }

  private static List<Output<?>> outputs(GraphOperation operation) {
    return IntStream.range(0, operation.numOutputs())
        .<Output<?>>mapToObj(operation::output)
        .toList();
  }

  private Optional<Edge> bias(GraphOperation operation, Set<Output<?>> accumulators) {
    if (operation.type().equals("BiasAdd")) {
      return bias(Edge.of(operation, 1), accumulators);
    }
    if (operation.type().equals("Sub")) {
      return bias(Edge.of(operation, 1), accumulators);
    }
    return SUMS.contains(operation.type())
        ? bias(Edge.of(operation, 1), accumulators)
            .or(() -> bias(Edge.of(operation, 0), accumulators))
        : Optional.empty();
  }

  private Optional<Edge> bias(Edge edge, Set<Output<?>> accumulators) {
    return accumulators.contains(accumulator(edge))
            && isVector(edge.source().shape())
            && weights.isWeight(edge.source())
        ? Optional.of(edge)
        : Optional.empty();
  }

  /** Returns the tensor to which the bias that is read over {@code edge} is added. */
  public static Output<?> accumulator(Edge edge) {
    return edge.reader().input(1 - edge.index());
  }

  /** Returns whether a tensor varies along its last axis only. */
  private static boolean isVector(Shape shape) {
    return !shape.isUnknown()
        && shape.numDimensions() >= 1
        && !shape.hasUnknownDimension()
        && LongStream.of(shape.asArray()).limit(shape.numDimensions() - 1L).allMatch(n -> n == 1);
  }

  /**
   * Returns whether the elements of a bias belong to the channels of the kernel, one to one.
   *
   * <p>If channels come last, a new shape with the same last axis leaves each element in its
   * channel. If they come first, only BiasAdd adds along them, and here only to the kernel op
   * itself.
   */
  public static boolean isAlongChannels(Edge bias, Edge kernel, int channels) {
    if (bias.source().shape().size() != channels) {
      return false;
    }
    boolean first = hasChannelsFirst(bias.reader());
    if (hasChannelsFirst(kernel.reader()) || first) {
      return hasChannelsFirst(kernel.reader())
          && first
          && accumulator(bias).op().equals(kernel.reader());
    }
    return isMultipliedLast(kernel)
        && lastAxis(kernel.reader().output(0)) == channels
        && lastAxis(accumulator(bias)) == channels;
  }

  private static boolean hasChannelsFirst(GraphOperation operation) {
    return switch (operation.type()) {
      case "BiasAdd",
          "Conv2D",
          "Conv2DBackpropInput",
          "Conv3D",
          "Conv3DBackpropInputV2",
          "DepthwiseConv2dNative" ->
          operation.attributes().getAttrString("data_format").startsWith("NC");
      case "Conv" -> operation.attributes().getAttrString("data_format").equals("CHANNELS_FIRST");
      default -> false;
    };
  }

  /** Returns whether the output of the op that reads a kernel has the kernel's channels last. */
  public static boolean hasChannelsLast(Edge kernel) {
    return !hasChannelsFirst(kernel.reader()) && isMultipliedLast(kernel);
  }

  /**
   * Returns whether the op's output has channels last, if it is not that of a convolution with
   * channels first.
   */
  private static boolean isMultipliedLast(Edge kernel) {
    return switch (kernel.reader().type()) {
      case "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "MatMul" -> kernel.index() == 1;
      case "Einsum" -> EinsumLabels.of(kernel).hasChannelsLast();
      default -> true;
    };
  }

  private static long lastAxis(Output<?> tensor) {
    Shape shape = tensor.shape();
    return shape.isUnknown() || shape.numDimensions() == 0
        ? Shape.UNKNOWN_SIZE
        : shape.get(shape.numDimensions() - 1);
  }
}
