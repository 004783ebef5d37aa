package org.slimquant.runtime.graph;

import java.util.Set;

/**
 * The types of ops that compute each element of their output from one element of each input, the
 * same function for all elements.
 */
public final class ElementwiseOps {

  /** Ops whose result IEEE 754 defines, bit for bit. */
  private static final Set<String> EXACT =
      Set.of(
          "Abs",
          "Add",
          "AddN",
          "AddV2",
          "Cast",
          "Ceil",
          "ClipByValue",
          "Div",
          "DivNoNan",
          "Equal",
          "Floor",
          "Greater",
          "GreaterEqual",
          "IsFinite",
          "IsInf",
          "IsNan",
          "LeakyRelu",
          "Less",
          "LessEqual",
          "LogicalAnd",
          "LogicalNot",
          "LogicalOr",
          "Maximum",
          "Minimum",
          "Mul",
          "MulNoNan",
          "Neg",
          "NotEqual",
          "OnesLike",
          "RealDiv",
          "Relu",
          "Relu6",
          "Rint",
          "Round",
          "Select",
          "SelectV2",
          "Sign",
          "Square",
          "SquaredDifference",
          "Sub",
          "ZerosLike");

  /** Ops that TensorFlow computes to a few ulps, by vectors where the processor has them. */
  private static final Set<String> ROUNDED =
      Set.of(
          "Acos",
          "Acosh",
          "Asin",
          "Asinh",
          "Atan",
          "Atan2",
          "Atanh",
          "Cos",
          "Cosh",
          "Digamma",
          "Elu",
          "Erf",
          "Erfc",
          "Erfinv",
          "Exp",
          "Expm1",
          "FloorDiv",
          "FloorMod",
          "Inv",
          "Lgamma",
          "Log",
          "Log1p",
          "Mod",
          "Ndtri",
          "Pow",
          "Reciprocal",
          "Rsqrt",
          "Selu",
          "Sigmoid",
          "Sin",
          "Sinh",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Tan",
          "Tanh",
          "TruncateDiv",
          "TruncateMod",
          "Xdivy",
          "Xlog1py",
          "Xlogy");

  private ElementwiseOps() {}

  /** Returns whether ops of a type of TensorFlow are elementwise. */
  public static boolean contains(String type) {
    return EXACT.contains(type) || ROUNDED.contains(type);
  }

  /** Returns whether IEEE 754 defines the results of ops of a type, on every machine. */
  public static boolean isExact(String type) {
    return EXACT.contains(type);
  }
}
