package org.slimquant.runtime.dropout;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.family.TFloating;

/**
 * A tensor as a product of one tensor of data, masks and scalars.
 *
 * @param data the tensor that is not known to be a mask or scalar; none in a product of masks and
 *     scalars
 * @param paths the paths that the data takes: one, unless there is a choice
 */
record DropoutFactors(Optional<Output<?>> data, List<DropoutPath> paths) {

  private static final Set<String> IDENTITIES =
      Set.of("CheckNumerics", "Identity", "PreventGradient", "Snapshot", "StopGradient");

  /** The largest number of ops between the data of a dropout and its last op. */
  private static final int DEPTH = 8;

  /** Returns the factors of a tensor. */
  static DropoutFactors of(Output<?> tensor) {
    return of(tensor, DEPTH);
  }

  private static DropoutFactors of(Output<?> tensor, int depth) {
    if (isScalar(tensor)) {
      return new DropoutFactors(Optional.empty(), List.of(DropoutPath.factor(tensor)));
    }
    GraphOperation operation = (GraphOperation) tensor.op();
    Optional<DropoutFactors> factors =
        depth == 0
            ? Optional.empty()
            : switch (operation.type()) {
              case "Mul" -> times(operation, depth);
              case "Div", "RealDiv" -> over(operation, depth);
              case "Select", "SelectV2" -> selected(operation, depth);
              case "Merge" -> merged(operation, depth);
              case "Cast" -> masked(DropoutMask.ofCondition(operation.input(0)));
              case "Floor" -> masked(DropoutMask.ofFloor(operation));
              default ->
                  IDENTITIES.contains(operation.type())
                      ? Optional.of(of(operation.input(0), depth))
                      : Optional.empty();
            };
    return factors.orElseGet(
        () -> new DropoutFactors(Optional.of(tensor), List.of(DropoutPath.NONE)));
  }

  private static Optional<DropoutFactors> masked(Optional<DropoutMask> mask) {
    return mask.map(
        found -> new DropoutFactors(Optional.empty(), List.of(DropoutPath.mask(found))));
  }

  private static Optional<DropoutFactors> times(GraphOperation product, int depth) {
    DropoutFactors left = of(product.input(0), depth - 1);
    DropoutFactors right = of(product.input(1), depth - 1);
    if (left.data.isPresent() && right.data.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new DropoutFactors(
            left.data.or(right::data),
            left.paths.stream().flatMap(path -> right.paths.stream().map(path::times)).toList()));
  }

  private static Optional<DropoutFactors> over(GraphOperation quotient, int depth) {
    DropoutFactors left = of(quotient.input(0), depth - 1);
    DropoutFactors right = of(quotient.input(1), depth - 1);
    boolean scalar =
        right.data.isEmpty() && right.paths.stream().allMatch(path -> path.masks().isEmpty());
    return scalar
        ? Optional.of(
            new DropoutFactors(
                left.data,
                left.paths.stream().flatMap(path -> right.paths.stream().map(path::over)).toList()))
        : Optional.empty();
  }

  /** A selection by a random condition is a mask; any other is a choice. */
  private static Optional<DropoutFactors> selected(GraphOperation select, int depth) {
    Optional<DropoutMask> mask = DropoutMask.ofCondition(select.input(0));
    if (mask.isEmpty()) {
      return choice(List.of(of(select.input(1), depth - 1), of(select.input(2), depth - 1)));
    }
    if (!isZero(select.input(2))) {
      return Optional.empty();
    }
    DropoutFactors kept = of(select.input(1), depth - 1);
    DropoutPath one = DropoutPath.mask(mask.get());
    return Optional.of(
        new DropoutFactors(kept.data, kept.paths.stream().map(path -> path.times(one)).toList()));
  }

  /** Merges the two sides of switches of one tensor. */
  private static Optional<DropoutFactors> merged(GraphOperation merge, int depth) {
    List<DropoutFactors> sides =
        IntStream.range(0, merge.numInputs())
            .mapToObj(i -> switched(of(merge.input(i), depth - 1)))
            .flatMap(Optional::stream)
            .toList();
    return sides.size() == merge.numInputs() ? choice(sides) : Optional.empty();
  }

  private static Optional<DropoutFactors> switched(DropoutFactors side) {
    return side.data
        .map(data -> (GraphOperation) data.op())
        .filter(operation -> operation.type().equals("Switch"))
        .map(operation -> new DropoutFactors(Optional.of(operation.input(0)), side.paths));
  }

  private static Optional<DropoutFactors> choice(List<DropoutFactors> sides) {
    List<Optional<Output<?>>> data =
        sides.stream().<Optional<Output<?>>>map(DropoutFactors::data).distinct().toList();
    return data.size() == 1 && data.get(0).isPresent()
        ? Optional.of(
            new DropoutFactors(
                data.get(0), sides.stream().flatMap(side -> side.paths.stream()).toList()))
        : Optional.empty();
  }

  /** Returns the nearest op above {@code tensor} that changes something. */
  static GraphOperation behindIdentities(Output<?> tensor) {
    GraphOperation operation = (GraphOperation) tensor.op();
    while (IDENTITIES.contains(operation.type())) {
      operation = (GraphOperation) operation.input(0).op();
    }
    return operation;
  }

  /**
   * Returns whether a tensor is a number: a constant, a fed number, or one computed from such
   * numbers.
   */
  static boolean isScalar(Output<?> tensor) {
    Shape shape = tensor.shape();
    return !shape.isUnknown()
        && Stream.iterate(0, i -> i + 1)
            .limit(shape.numDimensions())
            .allMatch(i -> shape.get(i) == 1)
        && TFloating.class.isAssignableFrom(tensor.type());
  }

  private static boolean isZero(Output<?> tensor) {
    GraphOperation operation = behindIdentities(tensor);
    return switch (operation.type()) {
      case "ZerosLike" -> true;
      case "BroadcastTo" -> isZero(operation.input(0));
      case "Fill" -> isZero(operation.input(1));
      case "Const" -> hasZerosOnly(operation);
      default -> false;
    };
  }

  private static boolean hasZerosOnly(GraphOperation constant) {
    try (Tensor value = constant.attributes().getAttrTensor("value")) {
      var floats = value.asRawTensor().data().asFloats();
      for (long i = 0; i < floats.size(); i++) {
        if (floats.getFloat(i) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
