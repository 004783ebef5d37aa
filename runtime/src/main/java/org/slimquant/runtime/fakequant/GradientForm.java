package org.slimquant.runtime.fakequant;

/** The ops that give a fake quant its straight-through gradient. */
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
