package org.slimquant.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Tensor;

/**
 * Finds the grid that a tensor lies on, by walking back to fake quants through ops that keep it:
 *
 * <pre>{@code
 * conv1/SlimQuant/output ─▶ MaxPool ─▶ Reshape ─▶ MatMul        the MatMul reads 2^-5
 * conv1/SlimQuant/output ─▶ AvgPool ─▶ Reshape ─▶ MatMul        the MatMul reads no grid
 * }</pre>
 *
 * <p>A fake quant is one of any quantizer in the graph, or one made by hand: it is known by its
 * constant bounds. The ops that keep any grid are listed in {@link OpTypes}. Besides them do
 *
 * <ul>
 *   <li>Relu6, if 6 is on the grid: {@code d <= 1};
 *   <li>PadV2, if its constant is on the grid;
 *   <li>ConcatV2 and Pack, if all that they join is on one grid;
 *   <li>Split, which reads its tensor second;
 *   <li>the ops of a dropout, whose data has the grid that is deployed: see {@link Dropout}.
 * </ul>
 *
 * <p>What is found of an op is remembered, so that all layers together cost no more than one walk
 * over the graph.
 */
final class GridWalk {

  // The name of the bounds, see FakeQuant.
  private static final Pattern BOUND =
      Pattern.compile("SlimQuant/(?:probe/)?u?int\\d+_frac(-?\\d+)/max");

  private final Map<GraphOperation, Optional<Integer>> known = new HashMap<>();

  /** Returns the exponent of the step of {@code tensor}'s grid, if it is known to have one. */
  Optional<Integer> fracOf(Output<?> tensor) {
    Deque<GraphOperation> open = new ArrayDeque<>(List.of((GraphOperation) tensor.op()));
    while (!open.isEmpty()) {
      GraphOperation operation = open.peek();
      List<GraphOperation> unknown =
          keptInputs(operation).stream().filter(input -> !known.containsKey(input)).toList();
      if (known.containsKey(operation) || unknown.isEmpty()) {
        open.pop();
        known.computeIfAbsent(operation, this::combine);
      } else {
        unknown.forEach(open::push);
      }
    }
    return known.getOrDefault((GraphOperation) tensor.op(), Optional.empty());
  }

  /** Returns the grid of an op, those of the inputs that it may keep being known. */
  private Optional<Integer> combine(GraphOperation operation) {
    Optional<Integer> own = fakeQuantFrac(operation);
    if (own.isPresent()) {
      return own;
    }
    List<Optional<Integer>> fracs =
        keptInputs(operation).stream()
            .map(input -> known.getOrDefault(input, Optional.empty()))
            .distinct()
            .toList();
    return fracs.size() == 1
        ? fracs.get(0).filter(frac -> keeps(operation, frac))
        : Optional.empty();
  }

  /** Returns the ops of the inputs whose grid the op keeps, under conditions perhaps. */
  private static List<GraphOperation> keptInputs(GraphOperation operation) {
    String type = operation.type();
    return switch (type) {
      case "ConcatV2" -> inputs(operation, 0, operation.numInputs() - 1);
      case "Pack" -> inputs(operation, 0, operation.numInputs());
      case "Split" -> inputs(operation, 1, 2);
      case "PadV2", "Relu6" -> inputs(operation, 0, 1);
      case "Div", "Merge", "Mul", "RealDiv", "Select", "SelectV2" ->
          Dropout.of(operation).map(dropout -> (GraphOperation) dropout.data().op()).stream()
              .toList();
      default -> OpTypes.keepsGrid(type) ? inputs(operation, 0, 1) : List.of();
    };
  }

  private static List<GraphOperation> inputs(GraphOperation operation, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> (GraphOperation) operation.input(i).op())
        .toList();
  }

  private static boolean keeps(GraphOperation operation, int frac) {
    return switch (operation.type()) {
      case "Relu6" -> isOnGrid(6, frac);
      case "PadV2" -> {
        GraphOperation constant = (GraphOperation) operation.input(2).op();
        yield constant.type().equals("Const") && isOnGrid(value(constant), frac);
      }
      default -> true;
    };
  }

  private static boolean isOnGrid(float value, int frac) {
    double code = Math.scalb((double) value, -frac);
    return code == Math.rint(code);
  }

  private static float value(GraphOperation constant) {
    try (Tensor value = constant.attributes().getAttrTensor("value")) {
      return value.asRawTensor().data().asFloats().getFloat(0);
    }
  }

  /** Returns the exponent of a fake quant, whose last op differs by form, and where it probes. */
  private static Optional<Integer> fakeQuantFrac(GraphOperation operation) {
    if (operation.type().equals("FakeQuantWithMinMaxVars")) {
      Matcher bound = BOUND.matcher(operation.input(2).op().name());
      return bound.matches() ? Optional.of(Integer.valueOf(bound.group(1))) : Optional.empty();
    }
    Optional<GraphOperation> probed = ProbeRounding.fakeQuant(operation);
    if (probed.isPresent()) {
      return fakeQuantFrac(probed.get());
    }
    // clip + stopGradient(round - clip)
    return reads(operation, "AddV2", 1, "StopGradient")
        .flatMap(stop -> reads(stop, "StopGradient", 0, "Sub"))
        .flatMap(change -> reads(change, "Sub", 0, "FakeQuantWithMinMaxVars"))
        .flatMap(GridWalk::fakeQuantFrac);
  }

  private static Optional<GraphOperation> reads(
      GraphOperation operation, String type, int index, String inputType) {
    return operation.type().equals(type) && operation.input(index).op().type().equals(inputType)
        ? Optional.of((GraphOperation) operation.input(index).op())
        : Optional.empty();
  }
}
