package org.slimquant.processor.element;

import org.slimquant.format.Exponents;
import org.slimquant.format.FixedPoint;

/**
 * A format that an annotation gives: bits and frac, each by the name of the value that has it.
 *
 * @param bits {@code kernelBits}, for example, or {@code bits} if the annotation has no other
 * @param frac {@code kernelFrac}, for example, or {@code frac} if the annotation has no other
 */
public record AnnotatedFormat(
    QuantAnnotation annotation, String bits, String frac, boolean signed, boolean perChannel) {

  /** Returns a format of a layer's kernel or output, which may share bits and frac. */
  public static AnnotatedFormat orShared(
      QuantAnnotation annotation, String bits, String frac, boolean signed, boolean perChannel) {
    return new AnnotatedFormat(
        annotation,
        annotation.gives(bits) ? bits : "bits",
        annotation.gives(frac) ? frac : "frac",
        signed,
        perChannel);
  }

  /** Returns whether the frac comes from calibration. */
  public boolean isCalibrated() {
    return annotation.isCalibrated(frac);
  }

  /** Returns the frac that the annotation gives. */
  public int givenFrac() {
    return annotation.number(frac);
  }

  /** Returns the bits, or the nearest in range if the annotation's are out of range. */
  public int nearestBits() {
    return Math.max(FixedPoint.MIN_BITS, Math.min(FixedPoint.MAX_BITS, annotation.number(bits)));
  }

  /** Returns whether the annotation's bits are in range. */
  public boolean bitsAreInRange() {
    return annotation.number(bits) == nearestBits();
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
