package org.slimquant.runtime.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.dropout.Dropout;
import org.slimquant.runtime.fakequant.FakeQuantForms;
import org.slimquant.runtime.graph.OpKind;
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
 * <p>A fake quant may be one of any quantizer in the graph, or one made by hand: it is recognized
 * by its constant bounds. In a graph that calibrates, a tensor with a site serves as well: it will
 * have a fake quant, with an exponent that is chosen later. The ops that keep any grid are listed
 * in {@link OpKind}. These ops keep a grid, too:
 *
 * <ul>
 *   <li>Relu6, if 6 is on the grid: {@code d <= 1};
 *   <li>PadV2, if its constant is on the grid;
 *   <li>ConcatV2, Pack, Maximum and Minimum, if all their inputs are on one grid;
 *   <li>Split, which reads its tensor second;
 *   <li>the ops of a dropout, whose data has the grid that is deployed: see {@link Dropout}.
 * </ul>
 *
 * <p>The result for each op is stored, so that all layers together cost no more than one walk over
 * the graph.
 */
public final class GridWalk {

  private final FakeQuantForms forms = new FakeQuantForms();
  private final Function<Output<?>, Optional<String>> siteOf;
  private final Map<Output<?>, Optional<GridOrigin>> known = new HashMap<>();

  /** Creates a walk in a graph that has fake quants. */
  public GridWalk() {
    this(tensor -> Optional.empty());
  }

  /**
   * Creates a walk in a graph that calibrates.
   *
   * @param siteOf returns the site of a tensor, if it has one
   */
  public GridWalk(Function<Output<?>, Optional<String>> siteOf) {
    this.siteOf = siteOf;
  }

  /** Returns the exponent of the step of {@code tensor}'s grid, if it is known to have one. */
  public Optional<Integer> fracOf(Output<?> tensor) {
    return originOf(tensor).flatMap(origin -> origin.frac(site -> Optional.empty()));
  }

  /** Returns the origin of {@code tensor}'s grid, if it may have one. */
  public Optional<GridOrigin> originOf(Output<?> tensor) {
    Deque<Output<?>> open = new ArrayDeque<>(List.of(tensor));
    while (!open.isEmpty()) {
      Output<?> next = open.peek();
      List<Output<?>> unknown =
          keptInputs((GraphOperation) next.op()).stream()
              .filter(input -> !known.containsKey(input))
              .toList();
      if (known.containsKey(next) || unknown.isEmpty()) {
        open.pop();
        known.computeIfAbsent(next, this::combine);
      } else {
        unknown.forEach(open::push);
      }
    }
    return known.getOrDefault(tensor, Optional.empty());
  }

  /**
   * Returns the origin of a tensor; the origins of the inputs whose grid its op may keep are known.
   */
  private Optional<GridOrigin> combine(Output<?> tensor) {
    GraphOperation operation = (GraphOperation) tensor.op();
    Optional<GridOrigin> own =
        siteOf
            .apply(tensor)
            .map(GridOrigin::of)
            .or(() -> forms.format(operation).map(FixedPoint::frac).map(GridOrigin::of));
    if (own.isPresent()) {
      return own;
    }
    List<Optional<GridOrigin>> joined =
        keptInputs(operation).stream()
            .map(input -> known.getOrDefault(input, Optional.empty()))
            .distinct()
            .toList();
    boolean keeps =
        !joined.isEmpty() && joined.stream().allMatch(Optional::isPresent) && keeps(operation);
    return keeps
        ? Optional.of(
            GridOrigin.join(
                joined.stream().flatMap(Optional::stream).toList(), constant(operation)))
        : Optional.empty();
  }

  /** Returns the inputs whose grid the op keeps, perhaps under conditions. */
  private static List<Output<?>> keptInputs(GraphOperation operation) {
    String type = operation.type();
    return switch (type) {
      case "ConcatV2" -> inputs(operation, 0, operation.numInputs() - 1);
      case "Maximum", "Minimum", "Pack" -> inputs(operation, 0, operation.numInputs());
      case "Split" -> inputs(operation, 1, 2);
      case "PadV2", "Relu6" -> inputs(operation, 0, 1);
      case "Div", "Merge", "Mul", "RealDiv", "Select", "SelectV2" ->
          Dropout.of(operation).<Output<?>>map(Dropout::data).stream().toList();
      default -> OpKind.of(type).keepsGrid() ? inputs(operation, 0, 1) : List.of();
    };
  }

  private static List<Output<?>> inputs(GraphOperation operation, int from, int to) {
    return IntStream.range(from, to).<Output<?>>mapToObj(operation::input).toList();
  }

  private static boolean keeps(GraphOperation operation) {
    return !operation.type().equals("PadV2") || operation.input(2).op().type().equals("Const");
  }

  /** Returns the number that an op puts beside the elements of its input. */
  private static Optional<Float> constant(GraphOperation operation) {
    return switch (operation.type()) {
      case "Relu6" -> Optional.of(6f);
      case "PadV2" -> Optional.of(value((GraphOperation) operation.input(2).op()));
      default -> Optional.empty();
    };
  }

  private static float value(GraphOperation constant) {
    try (Tensor value = constant.attributes().getAttrTensor("value")) {
      return value.asRawTensor().data().asFloats().getFloat(0);
    }
  }
}
