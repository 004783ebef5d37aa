package org.slimquant.runtime.graph;

/**
 * The role of the ops of a kind: the quantizer and the compiler treat the ops of one role alike.
 * Switches over roles have no default: javac reports each switch that lacks a case for a new role.
 */
public enum OpRole {

  // Roles of ops that become integer ops, or parts of one.

  /** Multiplies windows of an image with a kernel, its second input. */
  CONVOLUTION(true),

  /** Multiplies matrices: a matrix with a kernel, or those of two tensors. */
  PRODUCT(true),

  /** Adds a vector, its second input, along the channels. */
  BIAS(true),

  /** Adds two tensors: a bias, if one of them is a constant. */
  SUM(true),

  /** Multiplies, subtracts or compares two tensors, element by element. */
  ARITHMETIC(true),

  /** Joins its inputs along an axis, its last input. */
  JOIN(true),

  /** Cuts each element to a range. */
  ACTIVATION(true),

  /** Takes the mean of windows or along axes. */
  AVERAGE(true),

  /** Takes the largest element of windows or along axes. */
  MAXIMUM(true),

  /** Puts a constant beside the elements of its first input. */
  PADDING(true),

  /** Returns the elements of its first input in the same order and another shape. */
  SHAPER(true),

  /** Moves elements of its first input, as an integer op can do after its fake quant, too. */
  MOVER(true),

  /** Moves elements, and is written as several ops that integers have. */
  MOVEMENT(true),

  /** Adds products of its third input with a kernel, its second input, to places of an image. */
  TRANSPOSED_CONVOLUTION(true),

  // Roles of ops that no integer op is made of.

  /** Returns its first input, and matters only in training or to TensorFlow. */
  IDENTITY(false),

  /** Makes scores or classes of logits. */
  SCORE(false),

  /** Divides; a kernel can do the same. */
  FACTOR(false),

  /** A convolution that has no integer op. */
  FLOAT_CONVOLUTION(false),

  /** A product that has no integer op. */
  FLOAT_PRODUCT(false),

  /** Has elements of its first input, and 0 perhaps, but no integer op. */
  FLOAT_MOVER(false),

  /** Has the value of a constant or a variable. */
  WEIGHT(false),

  /** Returns a size of a tensor. */
  SIZE(false),

  /** Fills a tensor of the shape of its input with one number. */
  FILL(false),

  /** Chooses among its inputs, or a way through the graph. */
  CHOICE(false),

  /** Rounds and clamps. */
  FAKE_QUANT(false),

  /** Has no role of interest, or is not known. */
  OTHER(false);

  /** The input at which convolutions read their kernel. */
  public static final int KERNEL = 1;

  /** The input at which a transposed convolution reads its data; the first is a shape. */
  public static final int TRANSPOSED_DATA = 2;

  private final boolean integer;

  OpRole(boolean integer) {
    this.integer = integer;
  }

  /** Returns whether ops of this role become integer ops, or parts of one. */
  public boolean isInteger() {
    return integer;
  }

  /**
   * Returns whether ops of this role move elements to other places, choose among them, or put a
   * constant beside them, and become an integer op.
   */
  public boolean isMover() {
    return this == MAXIMUM || this == MOVER || this == PADDING || this == SHAPER;
  }

  /**
   * Returns whether the integer op of this role rounds to any grid, so that a fake quant after it
   * is a part of it even if its output has codes already.
   */
  public boolean roundsItself() {
    return this == ARITHMETIC || this == JOIN;
  }

  /** Returns whether ops of this role may add a constant to data. */
  public boolean addsBias() {
    return this == BIAS || this == SUM;
  }

  /**
   * Returns whether an op reads data at an input, and not a kernel, an axis or a condition: for
   * these it does not matter how they are computed.
   */
  public boolean readsData(int input) {
    return switch (this) {
      case CHOICE -> false;
      case ARITHMETIC, JOIN, MOVEMENT, SUM -> true;
      case TRANSPOSED_CONVOLUTION -> input == TRANSPOSED_DATA;
      default -> input == 0 || !integer;
    };
  }

  /**
   * Returns whether ops of this role convolve with a kernel, which they read at {@link #KERNEL}.
   */
  public boolean isConvolution() {
    return this == CONVOLUTION || this == TRANSPOSED_CONVOLUTION || this == FLOAT_CONVOLUTION;
  }

  /** Returns whether ops of this role multiply matrices, which may read the kernel at any input. */
  public boolean isProduct() {
    return this == PRODUCT || this == FLOAT_PRODUCT;
  }

  /** Returns whether ops of this role read the shape of their inputs and not their values. */
  public boolean readsShapeOnly() {
    return this == SIZE || this == FILL;
  }
}
