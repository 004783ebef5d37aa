package org.slimquant.deploy.compile.graph;

import java.util.Set;
import java.util.regex.Pattern;

/** Which ops of TensorFlow have an integer op, and what to do about others. */
public final class OpCatalog {

  private static final Set<String> KNOWN =
      Set.of(
          Node.INPUT,
          Node.QUANTIZE,
          Node.CONSTANT,
          "Add",
          "AddV2",
          "AvgPool",
          "BiasAdd",
          "ConcatV2",
          "Conv2D",
          "DepthwiseConv2dNative",
          "MatMul",
          "Max",
          "MaxPool",
          "MaxPoolV2",
          "Mean",
          "Pad",
          "PadV2",
          "Relu",
          "Relu6",
          "Reshape");

  /** Ops that work on their first input. */
  private static final Set<String> PARAMETRIZED =
      Set.of(
          "BiasAdd",
          "Conv2D",
          "DepthwiseConv2dNative",
          "MatMul",
          "Max",
          "MaxPoolV2",
          "Mean",
          "Pad",
          "PadV2");

  private static final Set<String> FOLDABLE = Set.of("Div", "Mul", "RealDiv", "Sub");

  private static final Set<String> CHOICES =
      Set.of("Case", "If", "Merge", "Select", "SelectV2", "StatelessCase", "StatelessIf", "Switch");

  /** What helps against any op. */
  public static final String CUT =
      "cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it";

  // Initial values of variables do not come here, because nothing behind a variable is read.
  private static final Pattern RANDOM =
      Pattern.compile(
          "(?!Stateless).*(Random|TruncatedNormal|Multinomial).*|Stateful(Uniform|StandardNormal).*");

  private static final Pattern SEEDED =
      Pattern.compile("Stateless.*(Random|TruncatedNormal|Multinomial).*");

  private OpCatalog() {}

  /** Whether an op of a type computes something else at each run. */
  public static boolean isRandom(String type) {
    return RANDOM.matcher(type).matches();
  }

  /** Whether an op of a type computes the same at each run if its seed is the same. */
  public static boolean isSeeded(String type) {
    return SEEDED.matcher(type).matches();
  }

  /** Whether ops of a type can be converted. */
  public static boolean knows(String type) {
    return KNOWN.contains(type);
  }

  /**
   * Whether an op reads at an input what it works on, and not a kernel, an axis or a condition: how
   * these are computed is in nobody's way, but that they are.
   */
  public static boolean readsData(String type, int input) {
    return !CHOICES.contains(type) && (input == 0 || !PARAMETRIZED.contains(type));
  }

  /** Refuses an op of a type that cannot be converted. */
  public static void refuse(OpGraph graph, Node node, Refusals refusals) {
    String type = node.type();
    if (type.startsWith("FusedBatchNorm") || type.startsWith("BatchNorm")) {
      refusals.add(
          node,
          "a batch normalisation has no integer op",
          "fold its scale and offset into the kernel and the bias of the layer before it");
    } else if (type.startsWith("FakeQuant")) {
      refusals.add(
          node,
          "this fake quant is not in the plan",
          "compile with the plan of the quantizer that built this graph, or add the site to it");
    } else if (type.startsWith("Placeholder")) {
      refusals.add(
          node,
          "the model is fed from it, too",
          "make it a constant, or compile the branch alone that does not read it");
    } else if (isRandom(type)) {
      refusals.add(node, "it is random", "build the deployment graph without noise");
    } else if (CHOICES.contains(type)) {
      refusals.add(
          node,
          "it chooses while the graph runs",
          "build the deployment graph with the branch alone that is to be deployed");
    } else if (FOLDABLE.contains(type) && readsConstant(graph, node)) {
      refusals.add(
          node,
          "it has no integer op",
          "fold a factor into a kernel and an offset into a bias, or " + CUT);
    } else {
      refusals.add(node, "it has no integer op", "build the layer from other ops, or " + CUT);
    }
  }

  private static boolean readsConstant(OpGraph graph, Node node) {
    return node.inputs().stream().anyMatch(input -> graph.node(input).is(Node.CONSTANT));
  }
}
