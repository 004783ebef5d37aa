package org.slimquant.demo;

import java.util.List;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.training.BatchNorms;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Trainer;
import org.slimquant.examples.models.FashionNet;
import org.slimquant.examples.models.NormalizedSeparableNet;
import org.slimquant.examples.models.PerChannelSeparableNet;
import org.slimquant.examples.models.QuantizedFashionNet;
import org.slimquant.examples.models.QuantizedPerChannelSeparableNet;
import org.slimquant.examples.models.QuantizedSeparableNet;
import org.slimquant.examples.models.SeparableNet;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

/** The networks for Fashion-MNIST. */
enum FashionNetwork {
  /** {@link FashionNet}. */
  PLAIN,
  /** {@link SeparableNet}. */
  SEPARABLE,
  /** {@link PerChannelSeparableNet}. */
  SEPARABLE_PER_CHANNEL;

  private static final int FOLDING_IMAGES = 10_000;
  private static final int FOLDING_BATCH = 500;

  /** Returns the network. */
  DemoNetwork network() {
    return switch (this) {
      case PLAIN ->
          DemoNetwork.of(
              FashionNet.class,
              (tf, seed) -> new FashionNet(tf, seed)::logits,
              (tf, seed, quantizer) -> new QuantizedFashionNet(tf, seed, quantizer)::logits);
      case SEPARABLE ->
          new DemoNetwork(
              SeparableNet.class,
              (tf, seed) -> new SeparableNet(tf, seed)::logits,
              (tf, seed, quantizer) -> new QuantizedSeparableNet(tf, seed, quantizer)::logits,
              FashionNetwork::trainNormalized);
      case SEPARABLE_PER_CHANNEL ->
          new DemoNetwork(
              PerChannelSeparableNet.class,
              (tf, seed) -> new PerChannelSeparableNet(tf, seed)::logits,
              (tf, seed, quantizer) ->
                  new QuantizedPerChannelSeparableNet(tf, seed, quantizer)::logits,
              FashionNetwork::trainNormalized);
    };
  }

  /**
   * Trains a separable network with its normalizations, and folds them into the network without.
   */
  private static void trainNormalized(Classifier folded, Trainer trainer, LabelledImages images) {
    try (Graph graph = new Graph();
        Classifier normalized =
            new Classifier(
                graph,
                images.imageShape(),
                new NormalizedSeparableNet(Ops.create(graph), trainer.training().seed())::logits,
                trainer.training())) {
      trainer.train(List.of(normalized), images);
      BatchNorms.OF_SEPARABLE_NET.fold(
          normalized, folded, images.first(FOLDING_IMAGES).batches(FOLDING_BATCH));
    }
  }
}
