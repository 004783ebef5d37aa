package org.slimquant.runtime.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The kinds of TensorFlow's ops that are of interest: a row for each, with its type, its role, and
 * the attributes that the compiler reads of it.
 */
public enum OpKind {
  CONV_2D(
      "Conv2D",
      OpRole.CONVOLUTION,
      "strides",
      "dilations",
      "padding",
      "explicit_paddings",
      "data_format"),
  DEPTHWISE_CONV_2D(
      "DepthwiseConv2dNative",
      OpRole.CONVOLUTION,
      "strides",
      "dilations",
      "padding",
      "explicit_paddings",
      "data_format"),
  CONV_2D_BACKPROP_INPUT(
      "Conv2DBackpropInput",
      OpRole.TRANSPOSED_CONVOLUTION,
      "strides",
      "dilations",
      "padding",
      "explicit_paddings",
      "data_format"),
  MAT_MUL("MatMul", OpRole.PRODUCT, "transpose_a", "transpose_b"),
  BATCH_MAT_MUL("BatchMatMul", OpRole.PRODUCT, "adj_x", "adj_y"),
  BATCH_MAT_MUL_V2("BatchMatMulV2", OpRole.PRODUCT, "adj_x", "adj_y"),
  BATCH_MAT_MUL_V3("BatchMatMulV3", OpRole.PRODUCT, "adj_x", "adj_y"),
  BIAS_ADD("BiasAdd", OpRole.BIAS, "data_format"),
  ADD("Add", OpRole.SUM),
  ADD_V2("AddV2", OpRole.SUM),
  MUL("Mul", OpRole.ARITHMETIC),
  SUB("Sub", OpRole.ARITHMETIC),
  MAXIMUM("Maximum", OpRole.ARITHMETIC),
  MINIMUM("Minimum", OpRole.ARITHMETIC),
  CONCAT_V2("ConcatV2", OpRole.JOIN),
  RELU("Relu", OpRole.ACTIVATION),
  RELU_6("Relu6", OpRole.ACTIVATION),
  AVG_POOL("AvgPool", OpRole.AVERAGE, "ksize", "strides", "padding", "data_format"),
  MEAN("Mean", OpRole.AVERAGE),
  MAX("Max", OpRole.MAXIMUM),
  MAX_POOL(
      "MaxPool", OpRole.MAXIMUM, "ksize", "strides", "padding", "explicit_paddings", "data_format"),
  MAX_POOL_V2("MaxPoolV2", OpRole.MAXIMUM, "padding", "data_format"),
  PAD("Pad", OpRole.PADDING),
  PAD_V2("PadV2", OpRole.PADDING),
  EXPAND_DIMS("ExpandDims", OpRole.SHAPER),
  RESHAPE("Reshape", OpRole.SHAPER),
  SQUEEZE("Squeeze", OpRole.SHAPER),

  MIRROR_PAD("MirrorPad", OpRole.MOVER, "mode"),
  SLICE("Slice", OpRole.MOVER),
  TILE("Tile", OpRole.MOVER),
  TRANSPOSE("Transpose", OpRole.MOVER),

  BROADCAST_TO("BroadcastTo", OpRole.MOVEMENT),
  DEPTH_TO_SPACE("DepthToSpace", OpRole.MOVEMENT, "block_size", "data_format"),
  PACK("Pack", OpRole.MOVEMENT, "axis"),
  RESIZE_NEAREST_NEIGHBOR(
      "ResizeNearestNeighbor", OpRole.MOVEMENT, "align_corners", "half_pixel_centers"),
  REVERSE_V2("ReverseV2", OpRole.MOVEMENT),
  SPACE_TO_DEPTH("SpaceToDepth", OpRole.MOVEMENT, "block_size", "data_format"),
  SPLIT("Split", OpRole.MOVEMENT, "num_split"),
  SPLIT_V("SplitV", OpRole.MOVEMENT),
  STRIDED_SLICE(
      "StridedSlice",
      OpRole.MOVEMENT,
      "begin_mask",
      "end_mask",
      "ellipsis_mask",
      "new_axis_mask",
      "shrink_axis_mask"),
  UNPACK("Unpack", OpRole.MOVEMENT, "axis"),

  CHECK_NUMERICS("CheckNumerics", OpRole.IDENTITY),
  CHECK_NUMERICS_V2("CheckNumericsV2", OpRole.IDENTITY),
  ENSURE_SHAPE("EnsureShape", OpRole.IDENTITY),
  IDENTITY("Identity", OpRole.IDENTITY),
  PREVENT_GRADIENT("PreventGradient", OpRole.IDENTITY),
  SNAPSHOT("Snapshot", OpRole.IDENTITY),
  STOP_GRADIENT("StopGradient", OpRole.IDENTITY),

  ARG_MAX("ArgMax", OpRole.SCORE),
  CAST("Cast", OpRole.SCORE),
  LOG_SOFTMAX("LogSoftmax", OpRole.SCORE),
  SIGMOID("Sigmoid", OpRole.SCORE),
  SOFTMAX("Softmax", OpRole.SCORE),

  DIV("Div", OpRole.FACTOR),
  REAL_DIV("RealDiv", OpRole.FACTOR),

  CONST("Const", OpRole.WEIGHT),
  IMMUTABLE_CONST("ImmutableConst", OpRole.WEIGHT),
  VAR_HANDLE_OP("VarHandleOp", OpRole.WEIGHT),
  VARIABLE("Variable", OpRole.WEIGHT),
  VARIABLE_V2("VariableV2", OpRole.WEIGHT),

  RANK("Rank", OpRole.SIZE),
  SHAPE("Shape", OpRole.SIZE),
  SHAPE_N("ShapeN", OpRole.SIZE),
  SIZE("Size", OpRole.SIZE),

  CASE("Case", OpRole.CHOICE),
  IF("If", OpRole.CHOICE),
  MERGE("Merge", OpRole.CHOICE),
  SELECT("Select", OpRole.CHOICE),
  SELECT_V2("SelectV2", OpRole.CHOICE),
  STATELESS_CASE("StatelessCase", OpRole.CHOICE),
  STATELESS_IF("StatelessIf", OpRole.CHOICE),
  SWITCH("Switch", OpRole.CHOICE),

  CONV("Conv", OpRole.FLOAT_CONVOLUTION),
  CONV_3D("Conv3D", OpRole.FLOAT_CONVOLUTION),
  CONV_3D_BACKPROP_INPUT_V2("Conv3DBackpropInputV2", OpRole.FLOAT_CONVOLUTION),

  EINSUM("Einsum", OpRole.FLOAT_PRODUCT, "equation"),

  BATCH_TO_SPACE_ND("BatchToSpaceND", OpRole.FLOAT_MOVER),
  GATHER_V2("GatherV2", OpRole.FLOAT_MOVER),
  MAX_POOL_3D("MaxPool3D", OpRole.FLOAT_MOVER),
  SPACE_TO_BATCH_ND("SpaceToBatchND", OpRole.FLOAT_MOVER),

  ONES_LIKE("OnesLike", OpRole.FILL),
  ZEROS_LIKE("ZerosLike", OpRole.FILL),

  FAKE_QUANT("FakeQuantWithMinMaxVars", OpRole.FAKE_QUANT, "num_bits", "narrow_range"),
  FUSED_BATCH_NORM("FusedBatchNorm", OpRole.OTHER, "is_training"),
  FUSED_BATCH_NORM_V2("FusedBatchNormV2", OpRole.OTHER, "is_training"),
  FUSED_BATCH_NORM_V3("FusedBatchNormV3", OpRole.OTHER, "is_training"),
  CLIP_BY_VALUE("ClipByValue", OpRole.OTHER),
  PLACEHOLDER_WITH_DEFAULT("PlaceholderWithDefault", OpRole.OTHER),

  /** Any other op. */
  OTHER("", OpRole.OTHER);

  private static final Map<String, OpKind> BY_TYPE =
      Arrays.stream(values()).collect(Collectors.toMap(OpKind::type, Function.identity()));

  private final String type;
  private final OpRole role;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> attributes;

  OpKind(String type, OpRole role, String... attributes) {
    this.type = type;
    this.role = role;
    this.attributes = List.of(attributes);
  }

  /** Returns the kind of ops of a type of TensorFlow. */
  public static OpKind of(String type) {
    return BY_TYPE.getOrDefault(type, OTHER);
  }

  /** Returns the type in TensorFlow. */
  public String type() {
    return type;
  }

  /** Returns the role of ops of this kind. */
  public OpRole role() {
    return role;
  }

  /** Returns the names of the attributes that the compiler reads. */
  public List<String> attributes() {
    return attributes;
  }

  /**
   * Returns whether all elements of the output are elements of the first input or 0, which every
   * grid has. The output is then on the grid of the first input, whatever the grid.
   */
  public boolean keepsGrid() {
    return switch (role) {
      case FLOAT_MOVER, IDENTITY, MAXIMUM, MOVER, SHAPER -> true;
      case MOVEMENT -> this != PACK && this != SPLIT;
      case ACTIVATION -> this == RELU;
      case PADDING -> this == PAD;
      default -> false;
    };
  }
}
