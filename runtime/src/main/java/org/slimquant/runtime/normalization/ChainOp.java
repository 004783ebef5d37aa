package org.slimquant.runtime.normalization;

import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.layer.KernelFinder;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * An op between a layer's kernel op and its activation that treats every channel by itself.
 *
 * @param data the edge over which it reads the sums
 * @param kind what it does with them
 */
record ChainOp(Edge data, Kind kind) {

  /** What an op does with the sums of a channel. */
  enum Kind {
    /** Moves them or gives them another shape; the channels stay last. */
    SHAPE,
    /** Adds a weight to them. */
    ADD,
    /** Subtracts a weight from them. */
    SUBTRACT,
    /** Subtracts them from a weight. */
    SUBTRACT_FROM,
    /** Multiplies them with a weight. */
    MULTIPLY,
    /** Divides them by a weight. */
    DIVIDE,
    /** Normalizes them by statistics that are weights. */
    NORMALIZE,
    /** Normalizes them by the statistics of the batch. */
    NORMALIZE_BATCH;

    /** Returns whether the op changes the scale of the sums. */
    boolean scales() {
      return switch (this) {
        case SHAPE, ADD, SUBTRACT -> false;
        case SUBTRACT_FROM, MULTIPLY, DIVIDE, NORMALIZE, NORMALIZE_BATCH -> true;
      };
    }
  }

  private static final Set<String> SHAPERS =
      Set.of("BatchToSpaceND", "ExpandDims", "Identity", "Reshape", "Squeeze");

  /**
   * Returns the op that reads sums over an edge, if it treats channels by themselves.
   *
   * @param channels the number of channels, the last axis of the sums
   */
  static Optional<ChainOp> of(Edge data, int channels, KernelFinder weights) {
    return kind(data, channels, weights).map(kind -> new ChainOp(data, kind));
  }

  private static Optional<Kind> kind(Edge data, int channels, KernelFinder weights) {
    GraphOperation operation = data.reader();
    String type = operation.type();
    if (SHAPERS.contains(type) && data.index() == 0) {
      return Optional.of(Kind.SHAPE).filter(shape -> hasChannels(operation.output(0), channels));
    }
    if (isFused(operation)) {
      return fused(operation, weights).filter(kind -> data.index() == 0);
    }
    return Optional.ofNullable(
            switch (type) {
              case "Add", "AddV2" -> Kind.ADD;
              case "BiasAdd" -> isChannelsLast(operation) && data.index() == 0 ? Kind.ADD : null;
              case "Sub" -> data.index() == 0 ? Kind.SUBTRACT : Kind.SUBTRACT_FROM;
              case "Mul" -> Kind.MULTIPLY;
              case "Div", "RealDiv" -> data.index() == 0 ? Kind.DIVIDE : null;
              default -> null;
            })
        .filter(kind -> isVector(weight(data), channels, weights));
  }

  private static Optional<Kind> fused(GraphOperation operation, KernelFinder weights) {
    boolean training = operation.attributes().getAttrBool("is_training");
    boolean known =
        weights.isWeight(operation.input(1))
            && weights.isWeight(operation.input(2))
            && (training
                || (weights.isWeight(operation.input(3)) && weights.isWeight(operation.input(4))));
    return known && isChannelsLast(operation)
        ? Optional.of(training ? Kind.NORMALIZE_BATCH : Kind.NORMALIZE)
        : Optional.empty();
  }

  /** Returns whether an op is a fused batch normalization. */
  static boolean isFused(GraphOperation operation) {
    return switch (operation.type()) {
      case "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3" -> true;
      default -> false;
    };
  }

  private static boolean isChannelsLast(GraphOperation operation) {
    return !operation.attributes().getAttrString("data_format").startsWith("NC");
  }

  private static Output<?> weight(Edge data) {
    return data.reader().input(1 - data.index());
  }

  /** Returns whether a tensor is a number, or a weight for each channel along the last axis. */
  private static boolean isVector(Output<?> tensor, int channels, KernelFinder weights) {
    Shape shape = tensor.shape();
    return !shape.isUnknown()
        && !shape.hasUnknownDimension()
        && (shape.size() == 1
            || (shape.size() == channels
                && LongStream.of(shape.asArray())
                    .limit(shape.numDimensions() - 1L)
                    .allMatch(n -> n == 1)))
        && weights.isWeight(tensor);
  }

  private static boolean hasChannels(Output<?> tensor, int channels) {
    Shape shape = tensor.shape();
    return !shape.isUnknown()
        && shape.numDimensions() > 1
        && shape.get(shape.numDimensions() - 1) == channels;
  }

  /** Returns the weight of a sum or a product. */
  Output<?> weight() {
    return weight(data);
  }

  /** Returns the tensor with the sums after the op. */
  Output<?> result() {
    return data.reader().output(0);
  }
}
