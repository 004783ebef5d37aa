package org.slimquant.processor.element;

import org.slimquant.format.FixedPoint;

/**
 * The bits of a format, and the value that gives them.
 *
 * @param annotation the annotation of the layer, of the input, or of the class around them
 * @param value {@code bits}, or {@code kernelBits} for example
 */
public record GivenBits(QuantAnnotation annotation, String value) {

  /** Returns the bits of an annotation's {@code bits}, which its class may give. */
  public static GivenBits shared(QuantAnnotation annotation) {
    return new GivenBits(annotation.sourceOf("bits"), "bits");
  }

  /**
   * Returns the bits of a layer's kernel or output. The layer's own values go before those of its
   * class, also its {@code bits} before the class's {@code kernelBits}.
   *
   * @param special {@code kernelBits} or {@code outputBits}
   */
  static GivenBits orShared(QuantAnnotation annotation, String special) {
    if (annotation.gives(special)) {
      return new GivenBits(annotation, special);
    }
    boolean fromClass = !annotation.isGiven(special) && !annotation.isGiven("bits");
    return annotation
        .ofClass()
        .filter(defaults -> fromClass && defaults.gives(special))
        .map(defaults -> new GivenBits(defaults, special))
        .orElseGet(() -> shared(annotation));
  }

  /** Returns the number of bits, which may be out of range. */
  public int number() {
    return annotation.number(value);
  }

  /** Returns the bits, or the nearest in range if the annotation's are out of range. */
  int nearest() {
    return Math.max(FixedPoint.MIN_BITS, Math.min(FixedPoint.MAX_BITS, number()));
  }

  /** Returns whether the bits are in range. */
  public boolean areInRange() {
    return number() == nearest();
  }
}
