package org.slimquant.calibration;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * The ops that reduce a tensor to its statistics: the number of its elements in each bin of a
 * {@link Histogram}, the smallest element and the largest.
 *
 * <pre>{@code
 * x ─▶ Reshape ─┬─▶ (inputs)
 *               ├─▶ Min ─▶
 *               ├─▶ Max ─▶
 *               └─▶ (places) ─▶ Bitcast ─▶ RightShift ─▶ Bitcast ─▶ HistogramFixedWidth ─▶
 *                               uint32                   int32
 * }</pre>
 *
 * <p>A bin is the first 14 bits of the float32, so one shift finds it. Counting costs 0.7 to 1.5 ns
 * for an element: more if many are equal, as the zeros after a ReLU are. That is ten times the cost
 * of the extremes, and as much as a small convolution. Therefore large feature maps are counted at
 * every eleventh place only, with all channels there:
 *
 * <pre>{@code
 * x ─▶ Reshape [-1, places, channels] ─▶ GatherV2 0, 11, 22, … ─▶ Reshape [-1] ─▶
 * }</pre>
 *
 * <p>A feature map is large if its rank is 3 or more and a single example, whose shape must be
 * known, has {@value #LARGE} elements or more. The places are the same in every example, so it does
 * not matter how examples are cut into batches. The extremes are taken of all elements, and NaN
 * reaches them too.
 *
 * <p>The elements of inputs, which are quantized parameters of layers, are returned too, for their
 * {@link Grid}: pixels often lie on a coarse one, and the outputs of layers do not.
 *
 * <p>Rejected: the same histogram of all elements (a calibration pass of a small convolutional
 * network took 1.8 times a forward pass, now 1.4); {@code DenseBincount} and {@code Bincount} (up
 * to 0.4 ns less for an element, but 28 µs for each run and more with more threads, each of which
 * counts into bins of its own: as much as a small layer); {@code DenseBincount} of rows, {@code
 * UnsortedSegmentSum} (slower); a cast to bfloat16 in place of the shift (four times its cost).
 */
public final class Observer {

  /** The scope of the ops that all observers of a graph share. */
  private static final String SCOPE = "SlimQuant/observer/";

  /** The smallest number of elements of an example of which not all are counted. */
  static final int LARGE = 4096;

  /** The distance of places that are counted; few widths of images are a multiple of it. */
  static final int PLACE_STEP = 11;

  private final Graph graph;
  private final String name;

  private Observer(Graph graph, String name) {
    this.graph = graph;
    this.name = name;
  }

  /**
   * Adds an observer.
   *
   * @param name the full name of the op that counts; the others are in its scope
   * @param kind the tensor's role in its layer; except in a kernel, the first axis counts examples,
   *     of which not all places need be counted
   * @return the counts as int32, the smallest and the largest element; of an input, all elements
   */
  static List<Output<?>> add(Graph graph, String name, Output<?> tensor, Kind kind) {
    return new Observer(graph, name).add(tensor, kind);
  }

  /** Returns whether an op that has the name of a site observes there. */
  public static boolean isObserver(GraphOperation site) {
    return site.type().equals("HistogramFixedWidth") || site.type().equals("Identity");
  }

  /** Returns whether a graph has observers. */
  public static boolean isIn(Graph graph) {
    return graph.operation(SCOPE + "list") != null;
  }

  /** Adds an op of the given full name whose value is the tensor's. */
  static Output<?> copy(Graph graph, String name, Output<?> tensor) {
    return new Observer(graph, name).op("Identity", "", List.of(tensor));
  }

  private List<Output<?>> add(Output<?> tensor, Kind kind) {
    Output<?> list = constant("list", () -> TInt32.vectorOf(-1));
    Output<?> axis = constant("axis", () -> TInt32.scalarOf(0));
    Output<?> elements = op("Reshape", "/elements", List.of(tensor, list));
    Output<?> counted =
        kind != Kind.KERNEL && isLarge(tensor.shape())
            ? op("Reshape", "/counted", List.of(places(tensor), list))
            : elements;
    List<Output<?>> observed =
        List.of(
            count(counted),
            op("Min", "/min", List.of(elements, axis)),
            op("Max", "/max", List.of(elements, axis)));
    return kind == Kind.INPUT
        ? Stream.concat(observed.stream(), Stream.of(elements)).toList()
        : observed;
  }

  private Output<?> count(Output<?> elements) {
    Output<?> shift = constant("shift", () -> TInt32.scalarOf(Bins.SHIFT));
    Output<?> bins =
        bitcast(
            "/bins",
            op(
                "RightShift",
                "/shifted",
                List.of(
                    bitcast("/bits", elements, DataType.DT_UINT32),
                    bitcast("/shift", shift, DataType.DT_UINT32))),
            DataType.DT_INT32);
    return op(
        "HistogramFixedWidth",
        "",
        List.of(
            bins,
            constant("range", () -> TInt32.vectorOf(0, Bins.COUNT)),
            constant("size", () -> TInt32.scalarOf(Bins.COUNT))));
  }

  private Output<?> places(Output<?> tensor) {
    long channels = tensor.shape().get(-1);
    int places = Math.toIntExact(exampleSize(tensor.shape()) / channels);
    return op(
        "GatherV2",
        "/places",
        List.of(
            op(
                "Reshape",
                "/examples",
                List.of(
                    tensor,
                    constant(
                        "examples_%dx%d".formatted(places, channels),
                        () -> TInt32.vectorOf(-1, places, Math.toIntExact(channels))))),
            constant("places_%d".formatted(places), () -> TInt32.vectorOf(countedPlaces(places))),
            constant("places_axis", () -> TInt32.scalarOf(1))));
  }

  /** Returns those of a number of places that are counted: 0, 11, 22, …. */
  static int[] countedPlaces(int places) {
    int[] counted = new int[(places + PLACE_STEP - 1) / PLACE_STEP];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = i * PLACE_STEP;
    }
    return counted;
  }

  private static boolean isLarge(Shape shape) {
    if (shape.isUnknown() || shape.numDimensions() < 3) {
      return false;
    }
    long size = exampleSize(shape);
    return size >= LARGE && size <= Integer.MAX_VALUE && size / shape.get(-1) >= PLACE_STEP;
  }

  /** Returns the number of elements of an example, or -1 if it is not known. */
  private static long exampleSize(Shape shape) {
    long size = 1;
    for (long dimension : shape.tail().asArray()) {
      if (dimension == Shape.UNKNOWN_SIZE) {
        return -1;
      }
      size *= dimension;
    }
    return size;
  }

  private Output<?> bitcast(String suffix, Output<?> tensor, DataType type) {
    return graph
        .opBuilder("Bitcast", name + suffix, graph.baseScope())
        .addInput(tensor)
        .setAttr("type", type)
        .build()
        .output(0);
  }

  private Output<?> op(String type, String suffix, List<Output<?>> inputs) {
    OperationBuilder builder = graph.opBuilder(type, name + suffix, graph.baseScope());
    inputs.forEach(builder::addInput);
    return builder.build().output(0);
  }

  /** Returns a constant that all observers of the graph share. */
  private Output<?> constant(String what, Supplier<? extends TType> value) {
    String full = SCOPE + what;
    GraphOperation existing = graph.operation(full);
    if (existing != null) {
      return existing.output(0);
    }
    try (TType tensor = value.get()) {
      return graph
          .opBuilder("Const", full, graph.baseScope())
          .setAttr("dtype", DataType.DT_INT32)
          .setAttr("value", tensor)
          .build()
          .output(0);
    }
  }
}
