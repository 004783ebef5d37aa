package org.slimquant.demo.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slimquant.examples.models.LeNet;
import org.slimquant.plan.QuantizationPlan;

/** The plans that the examples ship. */
public final class ShippedPlans {

  /** The folder of the plans. Their names are those that the compiler looks for. */
  static final Path FOLDER = Path.of("..", "examples", "src", "main", "plans");

  private ShippedPlans() {}

  /** Returns the plan of {@link LeNet}. */
  public static QuantizationPlan leNet() {
    try {
      return QuantizationPlan.read(leNetFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path leNetFile() {
    return FOLDER.resolve(LeNet.class.getName() + ".plan.txtpb");
  }
}
