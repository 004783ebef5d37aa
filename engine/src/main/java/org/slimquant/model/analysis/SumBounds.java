package org.slimquant.model.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.MatMul;
import org.slimquant.model.WeightedOp;

/**
 * Bounds of a sum {@code b + Σ w·x} for every input, with codes {@code lo <= x <= hi}:
 *
 * <pre>{@code
 * min       = b + Σ min(w·lo, w·hi)
 * max       = b + Σ max(w·lo, w·hi)
 * magnitude = max(max(0, b) + Σ max(0, w·lo, w·hi), -(min(0, b) + Σ min(0, w·lo, w·hi)))
 * }</pre>
 *
 * <p>The result of an op of two tensors has such bounds, too. They are exact: some codes reach
 * them, unless the two tensors are one. In a layer with weights every term may also be 0, as in a
 * padding, so its {@code min} and {@code max} are over {@code lo <= 0 <= hi}.
 *
 * @param min the smallest sum
 * @param max the largest sum
 * @param magnitude the largest magnitude of a partial sum, of any of the terms in any order; the
 *     bias is a term
 */
public record SumBounds(long min, long max, long magnitude) {

  // Sums are below 2^61, so a larger shift gives 0 as well.
  private static final int MAX_RIGHT = Long.SIZE - 2;

  // A larger sum saturates any code, and with a larger shift so does any sum except 0.
  private static final long SATURATED = 1L << Short.SIZE;

  /**
   * Returns the bounds of each output channel of a layer.
   *
   * @param input the codes of its input
   */
  public static List<SumBounds> of(WeightedOp layer, CodeRange input) {
    int channels = layer.channels();
    long[] negative = new long[channels];
    long[] positive = new long[channels];
    Codes weights = layer.kernel().codes();
    for (int i = 0; i < weights.size(); i++) {
      long first = (long) weights.get(i) * input.min();
      long second = (long) weights.get(i) * input.max();
      negative[i % channels] += Math.min(0, Math.min(first, second));
      positive[i % channels] += Math.max(0, Math.max(first, second));
    }
    return IntStream.range(0, channels)
        .mapToObj(c -> of(negative[c], positive[c], layer.bias().get(c)))
        .toList();
  }

  private static SumBounds of(long negative, long positive, long bias) {
    return new SumBounds(
        negative + bias,
        positive + bias,
        Math.max(positive + Math.max(0, bias), -(negative + Math.min(0, bias))));
  }

  /**
   * Returns the bounds of the result of an op of two tensors, in steps of its exact result. The
   * shifted codes of a sum, a difference, a maximum or a minimum count as partial sums.
   *
   * @param left the codes of the left tensor
   * @param right the codes of the right tensor, which may occur together with any code of the left
   */
  public static SumBounds of(BinaryOp op, CodeRange left, CodeRange right) {
    long a = (long) left.min() << op.shiftOf(op.left());
    long b = (long) left.max() << op.shiftOf(op.left());
    long c = (long) right.min() << op.shiftOf(op.right());
    long d = (long) right.max() << op.shiftOf(op.right());
    return switch (op.kind()) {
      case ADD -> ofTerms(a, b, c, d);
      case SUBTRACT -> ofTerms(a, b, -d, -c);
      case MULTIPLY -> ofProducts(left, right, 1);
      case MAXIMUM -> new SumBounds(Math.max(a, c), Math.max(b, d), magnitude(a, b, c, d));
      case MINIMUM -> new SumBounds(Math.min(a, c), Math.min(b, d), magnitude(a, b, c, d));
    };
  }

  /**
   * Returns the bounds of the sums of a product of matrices.
   *
   * @param left the codes of the left tensor
   * @param right the codes of the right tensor, which may occur together with any code of the left
   */
  public static SumBounds of(MatMul product, CodeRange left, CodeRange right) {
    return ofProducts(left, right, product.depth());
  }

  private static SumBounds ofProducts(CodeRange left, CodeRange right, int count) {
    long a = (long) left.min() * right.min();
    long b = (long) left.min() * right.max();
    long c = (long) left.max() * right.min();
    long d = (long) left.max() * right.max();
    return ofTerms(
        count * Math.min(Math.min(a, b), Math.min(c, d)),
        count * Math.max(Math.max(a, b), Math.max(c, d)),
        0,
        0);
  }

  private static long magnitude(long... numbers) {
    return Arrays.stream(numbers).map(Math::abs).max().orElse(0);
  }

  /** Returns the bounds of a sum of {@code count} codes of a range. */
  public static SumBounds of(CodeRange codes, int count) {
    return ofTerms((long) count * codes.min(), (long) count * codes.max(), 0, 0);
  }

  private static SumBounds ofTerms(long min, long max, long otherMin, long otherMax) {
    long negative = Math.min(0, min) + Math.min(0, otherMin);
    long positive = Math.max(0, max) + Math.max(0, otherMax);
    return new SumBounds(min + otherMin, max + otherMax, Math.max(positive, -negative));
  }

  /**
   * Returns for each output channel of a layer the largest magnitude that its accumulator can have,
   * for any code of the input's format and in any order of summation, below 2^61.
   */
  public static long[] magnitudes(WeightedOp layer) {
    return magnitudes(layer, layer.input().format().maxCode());
  }

  /**
   * Returns for each output channel of a layer the largest magnitude that its accumulator can have
   * in any order of summation: {@code Σ|w|·m + |b|}.
   *
   * @param largest m, the largest magnitude of an input's code
   */
  public static long[] magnitudes(WeightedOp layer, int largest) {
    long[] magnitudes = new long[layer.channels()];
    Codes codes = layer.kernel().codes();
    for (int i = 0; i < codes.size(); i++) {
      magnitudes[i % magnitudes.length] += Math.abs(codes.get(i));
    }
    Arrays.setAll(magnitudes, c -> magnitudes[c] * largest + Math.abs((long) layer.bias().get(c)));
    return magnitudes;
  }

  /**
   * Returns the largest magnitude of the result of an op of two tensors and of its shifted codes,
   * in steps of its exact result.
   *
   * @param left the largest magnitude of the left tensor's codes
   * @param right the largest magnitude of the right tensor's codes
   */
  public static long magnitude(BinaryOp op, int left, int right) {
    return of(op, new CodeRange(-left, left), new CodeRange(-right, right)).magnitude();
  }

  /**
   * Returns the largest magnitude of a sum of a product of matrices.
   *
   * @param left the largest magnitude of the left tensor's codes
   * @param right the largest magnitude of the right tensor's codes
   */
  public static long magnitude(MatMul product, int left, int right) {
    return of(product, new CodeRange(-left, left), new CodeRange(-right, right)).magnitude();
  }

  /**
   * Returns the codes of these sums.
   *
   * @param shift the number of bits by which sums are shifted right, negative for left
   * @param clamp the codes to which they are clamped
   */
  public CodeRange codes(int shift, CodeRange clamp) {
    return new CodeRange(code(min, shift, clamp), code(max, shift, clamp));
  }

  private static int code(long sum, int shift, CodeRange clamp) {
    long code;
    if (shift > 0) {
      int right = Math.min(shift, MAX_RIGHT);
      code = (sum + (1L << (right - 1))) >> right;
    } else {
      code = Math.max(-SATURATED, Math.min(SATURATED, sum)) << Math.min(-shift, Short.SIZE);
    }
    return (int) Math.max(clamp.min(), Math.min(clamp.max(), code));
  }
}
