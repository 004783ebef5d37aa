package org.slimquant.deploy.compile.graph;

/**
 * An op that cannot be converted.
 *
 * @param node the op
 * @param reason why it cannot be converted
 * @param remedy how to change the model
 */
public record Refused(Node node, String reason, String remedy) {}
