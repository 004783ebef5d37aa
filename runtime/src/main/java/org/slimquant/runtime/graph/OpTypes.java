package org.slimquant.runtime.graph;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the quantizer knows of TensorFlow's op types. */
public final class OpTypes {

  /** Ops that convolve with a kernel, and the input at which they read it. */
  public static final Map<String, Integer> CONVOLUTIONS =
      Map.of(
          "Conv", 1,
          "Conv2D", 1,
          "Conv2DBackpropInput", 1,
          "Conv3D", 1,
          "Conv3DBackpropInputV2", 1,
          "DepthwiseConv2dNative", 1);

  /** Ops that multiply matrices, whose kernel may stand at any input. */
  public static final Set<String> PRODUCTS =
      Set.of("BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Einsum", "MatMul");

  /** The input at which a transposed convolution reads its data; the first is a shape. */
  public static final int TRANSPOSED_DATA = 2;

  /** Ops without an input whose value does not depend on what the model is fed. */
  public static final Set<String> WEIGHTS =
      Set.of("Const", "ImmutableConst", "VarHandleOp", "Variable", "VariableV2");

  /** An op that has an input and is fed all the same. */
  public static final String PLACEHOLDER_WITH_DEFAULT = "PlaceholderWithDefault";

  // Apply: the optimizers of ref variables.
  private static final Pattern KEEPERS =
      Pattern.compile(
          "(Resource)?(Sparse)?Apply.*|(Resource)?CountUpTo|IsVariableInitialized"
              + "|Save(V2|Slices)?");

  /** Ops that write to the variable at input 0 a value from another input. */
  private static final Pattern WRITERS = Pattern.compile("Assign.*|(Resource)?Scatter.*");

  /**
   * Ops whose output has no elements but those of their first input, and 0, which every grid has.
   */
  private static final Set<String> GRID_KEEPERS =
      Set.of(
          // The same elements.
          "CheckNumerics",
          "CheckNumericsV2",
          "EnsureShape",
          "Identity",
          "PreventGradient",
          "Snapshot",
          "StopGradient",
          // The same elements in another shape or order.
          "DepthToSpace",
          "ExpandDims",
          "Reshape",
          "ReverseV2",
          "SpaceToDepth",
          "Squeeze",
          "Transpose",
          // Some of them, some of them twice.
          "BatchToSpaceND",
          "BroadcastTo",
          "GatherV2",
          "MirrorPad",
          "ResizeNearestNeighbor",
          "Slice",
          "SplitV",
          "StridedSlice",
          "Tile",
          "Unpack",
          // The largest of them.
          "Max",
          "MaxPool",
          "MaxPool3D",
          "MaxPoolV2",
          // These and 0.
          "Pad",
          "Relu",
          "SpaceToBatchND");

  private static final Set<String> SHAPE_READERS =
      Set.of("OnesLike", "Rank", "Shape", "ShapeN", "Size", "ZerosLike");

  // StopGradient and PreventGradient are ops of the forward pass.
  private static final Pattern GRADIENTS =
      Pattern.compile("(?!(Stop|Prevent)Gradient).*Grad(ient)?(V\\d)?");

  private OpTypes() {}

  /** Whether the op writes or keeps what it reads at {@code input}: a variable, not its value. */
  static boolean keeps(String type, int input) {
    return KEEPERS.matcher(type).matches() || (input == 0 && WRITERS.matcher(type).matches());
  }

  /** Whether the op's output is on the grid of its first input, whatever the grid. */
  public static boolean keepsGrid(String type) {
    return GRID_KEEPERS.contains(type);
  }

  /** Whether the op reads the shape of its inputs and not their values. */
  public static boolean readsShapeOnly(String type) {
    return SHAPE_READERS.contains(type);
  }

  /** Whether the op computes a gradient, ReluGrad for example. */
  public static boolean isGradient(String type) {
    return GRADIENTS.matcher(type).matches();
  }
}
