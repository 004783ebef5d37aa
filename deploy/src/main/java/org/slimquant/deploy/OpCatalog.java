package org.slimquant.deploy;

import java.util.Set;
import java.util.regex.Pattern;

/** Which ops of TensorFlow have an integer op, and what to do about others. */
final class OpCatalog {

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

  private static final Set<String> FOLDABLE = Set.of("Div", "Mul", "RealDiv", "Rsqrt", "Sub");

  // A stateless one computes the same from the same seed. Initial values of variables do not come
  // here, because nothing behind a variable is read.
  private static final Pattern RANDOM =
      Pattern.compile("(?!Stateless).*(Random|TruncatedNormal|Multinomial).*");

  private OpCatalog() {}

  /** Whether an op of a type computes something else at each run. */
  static boolean isRandom(String type) {
    return RANDOM.matcher(type).matches();
  }

  /** Whether ops of a type can be converted. */
  static boolean knows(String type) {
    return KNOWN.contains(type);
  }

  /** Refuses an op of a type that cannot be converted. */
  static void refuse(Node node, Refusals refusals) {
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
          "compile a graph that reads nothing but its input, or make it a constant");
    } else if (isRandom(type)) {
      refusals.add(node, "it is random", "build the model without dropout and noise");
    } else if (EndBeforeScores.SCORES.contains(type)) {
      refusals.add(
          node,
          "it is computed in floats, and the model goes on behind it",
          "let the output be what it reads");
    } else if (FOLDABLE.contains(type)) {
      refusals.add(
          node,
          "it has no integer op",
          "fold a factor into a kernel and an offset into a bias, or compute it before the input"
              + " or behind the output");
    } else {
      refusals.add(
          node,
          "it has no integer op",
          "build the layer from other ops, or leave it before the input or behind the output");
    }
  }
}
