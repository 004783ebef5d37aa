package org.slimquant.runtime.fakequant;

/** How the straight-through gradient of a fake quant comes about. */
public enum GradientForm {
  /** One op, whose gradient is registered. */
  REGISTERED,
  /** Several ops, whose gradients TensorFlow has. */
  COMPOSED;

  /** Returns the form that trains on this platform. */
  public static GradientForm ofPlatform() {
    return FakeQuantGradient.REGISTERED ? REGISTERED : COMPOSED;
  }
}
