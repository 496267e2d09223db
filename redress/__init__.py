"""Redress: casework for trade-union federations and labour offices."""
