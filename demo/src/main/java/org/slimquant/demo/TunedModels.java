package org.slimquant.demo;

import java.util.List;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Trainer;
import org.slimquant.demo.training.TrainingResult;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.Finding;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;

/**
 * A float model that was trained on, and the same model trained through the formats of a plan.
 *
 * @param floats the file with the weights of the float model
 * @param quantized the file with the weights of the quantized model
 * @param floatTraining what training did to the float model
 * @param quantizedTraining what training did to the quantized model
 * @param findings the faults of the graph in which the quantized model was trained
 */
record TunedModels(
    String floats,
    String quantized,
    TrainingResult floatTraining,
    TrainingResult quantizedTraining,
    List<Finding> findings) {

  /**
   * Trains both models from one checkpoint, side by side, and saves their weights beside it. Batch
   * normalizations of the quantized model are frozen for the second half.
   */
  static TunedModels train(
      DemoNetwork network,
      String checkpoint,
      QuantizationPlan plan,
      Trainer trainer,
      LabelledImages images) {
    try (Graph floatGraph = new Graph();
        Graph quantizedGraph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(quantizedGraph, plan);
      try (Classifier floats = network.floats(floatGraph, images, trainer.training(), true);
          Classifier quantized =
              network.quantized(quantizedGraph, images, trainer.training(), true, quantizer)) {
        floats.session().restore(checkpoint);
        quantized.session().restore(checkpoint);
        int half = trainer.steps(images) / 2;
        List<TrainingResult> results =
            trainer.train(
                List.of(floats, quantized),
                images,
                step -> {
                  if (step == half && network.normalized()) {
                    quantized.freezeBatchNorms(quantizer);
                  }
                });
        floats.session().save(checkpoint + "_tuned");
        quantized.session().save(checkpoint + "_quantized");
        return new TunedModels(
            checkpoint + "_tuned",
            checkpoint + "_quantized",
            results.get(0),
            results.get(1),
            quantizer.verify());
      }
    }
  }
}
