package org.slimquant.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A layer whose kernel and output are quantized; on a parameter, an input that is. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.PARAMETER})
public @interface QuantInt8 {

  /** The value of an element that takes over what {@link #bits} or {@link #frac} says. */
  int SAME = Integer.MIN_VALUE;

  /** The width of a code in bits, 2 to 16. */
  int bits() default 8;

  /** The exponent of the step: codes stand for multiples of {@code 2^frac}. */
  int frac();

  /** The width of the kernel's codes, 2 to 16; by default {@link #bits}. */
  int kernelBits() default SAME;

  /** The exponent of the kernel's step; by default {@link #frac}. */
  int kernelFrac() default SAME;

  /** The width of the output's codes, 2 to 16; by default {@link #bits}. */
  int outputBits() default SAME;

  /** The exponent of the output's step; by default {@link #frac}. */
  int outputFrac() default SAME;

  /**
   * Whether the codes of the output run from 0 to {@code 2^bits - 1} instead of symmetrically about
   * 0; on a parameter, the same for that operand.
   */
  boolean unsignedOutput() default false;
}
