package org.slimquant.processor.element;

import org.slimquant.format.Exponents;
import org.slimquant.format.SignRequest;

/**
 * A format that an annotation gives.
 *
 * @param bits the bits, which the class around the layer or the input may give
 * @param frac the value that has the frac: {@code kernelFrac}, for example, or {@code frac} if the
 *     annotation has no other
 */
public record AnnotatedFormat(
    QuantAnnotation annotation, GivenBits bits, String frac, SignRequest sign, boolean perChannel) {

  /** Returns the format of a layer's kernel. */
  public static AnnotatedFormat kernel(QuantAnnotation annotation) {
    return new AnnotatedFormat(
        annotation,
        GivenBits.orShared(annotation, "kernelBits"),
        annotation.gives("kernelFrac") ? "kernelFrac" : "frac",
        SignRequest.SIGNED,
        annotation.sourceOf("perChannel").flag("perChannel"));
  }

  /** Returns the format of a layer's output. */
  public static AnnotatedFormat output(QuantAnnotation annotation) {
    return new AnnotatedFormat(
        annotation,
        GivenBits.orShared(annotation, "outputBits"),
        annotation.gives("outputFrac") ? "outputFrac" : "frac",
        annotation.sourceOf("sign").sign(),
        false);
  }

  /** Returns the format of the sum before a layer's activation. */
  public static AnnotatedFormat sum(QuantAnnotation annotation) {
    return new AnnotatedFormat(
        annotation,
        GivenBits.orShared(annotation, "outputBits"),
        "sumFrac",
        SignRequest.CALIBRATED,
        false);
  }

  /** Returns the format of an input. */
  public static AnnotatedFormat input(QuantAnnotation annotation) {
    return new AnnotatedFormat(
        annotation,
        GivenBits.shared(annotation),
        "frac",
        annotation.sourceOf("sign").sign(),
        false);
  }

  /** Returns whether the frac comes from calibration. */
  public boolean isCalibrated() {
    return annotation.isCalibrated(frac);
  }

  /** Returns the frac that the annotation gives. */
  public int givenFrac() {
    return annotation.number(frac);
  }

  /** Returns whether codes are signed if the frac is given: unless they are said to be unsigned. */
  public boolean isSigned() {
    return sign.allows(true);
  }

  /** Returns the bits, or the nearest in range if the annotation's are out of range. */
  public int nearestBits() {
    return bits.nearest();
  }

  /** Returns the largest exponent with which {@code 2^bits} steps are a finite float32. */
  public int maxFrac() {
    return Exponents.largest(nearestBits());
  }

  /** Returns whether float32 holds all values. Bits out of range count as the nearest in range. */
  public boolean fitsFloat() {
    return isCalibrated() || (givenFrac() >= Float.MIN_EXPONENT && givenFrac() <= maxFrac());
  }
}
