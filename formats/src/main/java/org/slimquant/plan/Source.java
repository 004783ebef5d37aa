package org.slimquant.plan;

import java.util.Locale;

/** The source of a quantized tensor's format. */
public sealed interface Source {

  /** The annotation gives the format. */
  record Annotation() implements Source {
    @Override
    public String toString() {
      return "annotation";
    }
  }

  /**
   * The format was in a plan when the model was compiled.
   *
   * @param fingerprint the {@link QuantizationPlan#fingerprint} of that plan
   */
  record CompileTime(String fingerprint) implements Source {
    @Override
    public String toString() {
      return "plan at compile time, " + fingerprint;
    }
  }

  /** The format follows from other formats, as that of a bias does. */
  record Derived() implements Source {
    @Override
    public String toString() {
      return "derived";
    }
  }

  /** A person wrote the format into a plan. */
  record Hand() implements Source {
    @Override
    public String toString() {
      return "hand";
    }
  }

  /**
   * Calibration found the format.
   *
   * @param method the method, {@code MIN_MSE} for example
   * @param samples the number of elements that were counted
   */
  record Calibration(String method, long samples) implements Source {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s of %,d", method, samples);
    }
  }
}
