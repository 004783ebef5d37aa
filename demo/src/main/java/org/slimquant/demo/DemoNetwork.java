package org.slimquant.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Trainer;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A model and its quantized version, which the annotation processor generated.
 *
 * @param model the class of the model
 * @param floats builds the model
 * @param quantized builds the generated model
 * @param lessons trains the float model
 */
record DemoNetwork(Class<?> model, FloatModel floats, QuantizedModel quantized, Lessons lessons) {

  /** Builds the float model, from images to logits. */
  interface FloatModel {
    UnaryOperator<Operand<TFloat32>> create(Ops tf, long seed);
  }

  /** Builds the generated model, from images to logits. */
  interface QuantizedModel {
    UnaryOperator<Operand<TFloat32>> create(Ops tf, long seed, GraphQuantizer quantizer);
  }

  /** Trains a float model and sets its weights. */
  interface Lessons {
    void give(Classifier floats, Trainer trainer, LabelledImages images);
  }

  /** Returns a network whose float model is trained as it is. */
  static DemoNetwork of(Class<?> model, FloatModel floats, QuantizedModel quantized) {
    return new DemoNetwork(
        model,
        floats,
        quantized,
        (classifier, trainer, images) -> trainer.train(List.of(classifier), images));
  }

  /** Returns the name of the model's files: {@code lenet} for a class {@code LeNet}. */
  String name() {
    return model.getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Returns the plan that an earlier run left in a folder, if there is one. */
  Optional<QuantizationPlan> planIn(Path folder) throws IOException {
    Path file = folder.resolve(planFile());
    return Files.exists(file) ? Optional.of(QuantizationPlan.read(file)) : Optional.empty();
  }

  /** Returns the name of the model's plan, under which the compiler finds it too. */
  String planFile() {
    return model.getName() + ".plan.txtpb";
  }
}
