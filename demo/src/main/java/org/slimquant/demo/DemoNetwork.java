package org.slimquant.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Training;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A model and its quantized version, which the annotation processor generated.
 *
 * @param model the class of the model
 * @param floats builds the model
 * @param quantized builds the generated model
 * @param normalized whether the model has batch normalizations
 */
record DemoNetwork(
    Class<?> model, FloatModel floats, QuantizedModel quantized, boolean normalized) {

  /** Builds the float model, from images to logits, for training or for inference. */
  interface FloatModel {
    UnaryOperator<Operand<TFloat32>> create(Ops tf, long seed, boolean training);
  }

  /** Builds the generated model, from images to logits, for training or for inference. */
  interface QuantizedModel {
    UnaryOperator<Operand<TFloat32>> create(
        Ops tf, long seed, boolean training, GraphQuantizer quantizer);
  }

  /**
   * Adds the float model to a graph.
   *
   * @param images images of the shape that the model takes
   * @param forTraining whether the graph is one for training
   */
  Classifier floats(Graph graph, LabelledImages images, Training settings, boolean forTraining) {
    return new Classifier(
        graph,
        images.imageShape(),
        floats.create(Ops.create(graph), settings.seed(), forTraining),
        settings);
  }

  /**
   * Adds the quantized model to a graph.
   *
   * @param images images of the shape that the model takes
   * @param forTraining whether the graph is one for training
   */
  Classifier quantized(
      Graph graph,
      LabelledImages images,
      Training settings,
      boolean forTraining,
      GraphQuantizer quantizer) {
    return new Classifier(
        graph,
        images.imageShape(),
        quantized.create(Ops.create(graph), settings.seed(), forTraining, quantizer),
        settings);
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
