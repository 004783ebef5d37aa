package org.slimquant.demo;

import org.slimquant.examples.models.AttentionNet;
import org.slimquant.examples.models.FashionNet;
import org.slimquant.examples.models.GatedRecurrentNet;
import org.slimquant.examples.models.InvertedResidualNet;
import org.slimquant.examples.models.NormalizedResidualNet;
import org.slimquant.examples.models.PerChannelSeparableNet;
import org.slimquant.examples.models.QuantizedAttentionNet;
import org.slimquant.examples.models.QuantizedFashionNet;
import org.slimquant.examples.models.QuantizedGatedRecurrentNet;
import org.slimquant.examples.models.QuantizedInvertedResidualNet;
import org.slimquant.examples.models.QuantizedNormalizedResidualNet;
import org.slimquant.examples.models.QuantizedPerChannelSeparableNet;
import org.slimquant.examples.models.QuantizedSeparableNet;
import org.slimquant.examples.models.QuantizedSqueezeExciteNet;
import org.slimquant.examples.models.SeparableNet;
import org.slimquant.examples.models.SqueezeExciteNet;

/** The networks for Fashion-MNIST. */
enum FashionNetwork {
  /** {@link FashionNet}. */
  PLAIN,
  /** {@link SeparableNet}. */
  SEPARABLE,
  /** {@link PerChannelSeparableNet}. */
  SEPARABLE_PER_CHANNEL,
  /** {@link NormalizedResidualNet}. */
  RESIDUAL,
  /** {@link InvertedResidualNet}. */
  INVERTED_RESIDUAL,
  /** {@link SqueezeExciteNet}. */
  SQUEEZE_EXCITE,
  /** {@link AttentionNet}. */
  ATTENTION,
  /** {@link GatedRecurrentNet}, which reads four rows in each step. */
  RECURRENT;

  private static final long FOUR_ROWS = 4 * 28;

  /** Returns the network. */
  DemoNetwork network() {
    return switch (this) {
      case PLAIN ->
          new DemoNetwork(
              FashionNet.class,
              (tf, seed, training) -> new FashionNet(tf, seed)::logits,
              (tf, seed, training, quantizer) ->
                  new QuantizedFashionNet(tf, seed, quantizer)::logits,
              false);
      case SEPARABLE ->
          new DemoNetwork(
              SeparableNet.class,
              (tf, seed, training) -> new SeparableNet(tf, seed, training)::logits,
              (tf, seed, training, quantizer) ->
                  new QuantizedSeparableNet(tf, seed, training, quantizer)::logits,
              true);
      case SEPARABLE_PER_CHANNEL ->
          new DemoNetwork(
              PerChannelSeparableNet.class,
              (tf, seed, training) -> new PerChannelSeparableNet(tf, seed, training)::logits,
              (tf, seed, training, quantizer) ->
                  new QuantizedPerChannelSeparableNet(tf, seed, training, quantizer)::logits,
              true);
      case RESIDUAL ->
          new DemoNetwork(
              NormalizedResidualNet.class,
              (tf, seed, training) -> new NormalizedResidualNet(tf, seed, training)::logits,
              (tf, seed, training, quantizer) ->
                  new QuantizedNormalizedResidualNet(tf, seed, training, quantizer)::logits,
              true);
      case INVERTED_RESIDUAL ->
          new DemoNetwork(
              InvertedResidualNet.class,
              (tf, seed, training) -> new InvertedResidualNet(tf, seed, training)::logits,
              (tf, seed, training, quantizer) ->
                  new QuantizedInvertedResidualNet(tf, seed, training, quantizer)::logits,
              true);
      case SQUEEZE_EXCITE ->
          new DemoNetwork(
              SqueezeExciteNet.class,
              (tf, seed, training) -> new SqueezeExciteNet(tf, seed, training)::logits,
              (tf, seed, training, quantizer) ->
                  new QuantizedSqueezeExciteNet(tf, seed, training, quantizer)::logits,
              true);
      case ATTENTION ->
          new DemoNetwork(
              AttentionNet.class,
              (tf, seed, training) -> new AttentionNet(tf, seed)::logits,
              (tf, seed, training, quantizer) ->
                  new QuantizedAttentionNet(tf, seed, quantizer)::logits,
              false);
      case RECURRENT ->
          new DemoNetwork(
              GatedRecurrentNet.class,
              (tf, seed, training) -> new GatedRecurrentNet(tf, seed, FOUR_ROWS)::logits,
              (tf, seed, training, quantizer) ->
                  new QuantizedGatedRecurrentNet(tf, seed, FOUR_ROWS, quantizer)::logits,
              false);
    };
  }
}
