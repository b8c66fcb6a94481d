// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arguments} from "./Arguments.sol";
import {Calldata} from "./Calldata.sol";
import {Frame} from "./Frame.sol";
import {Memory} from "./Memory.sol";

/// @title The single values that conditions and charges speak of.
/// @dev Operands come from a leaf or header whose hash the module made itself (see Grant), so their form is not checked again.
library Operands {
    uint256 internal constant NEGATIVE = 0x01;
    uint256 internal constant ADDRESS = 0x02;
    uint256 internal constant BYTES = 0x03;
    uint256 internal constant BOOL = 0x04;
    uint256 internal constant AMOUNT = 0x05;
    uint256 internal constant WORD = 0x10;
    uint256 internal constant PATH = 0x11;
    uint256 internal constant VALUE = 0x20;
    uint256 internal constant ACCOUNT = 0x21;
    uint256 internal constant KEY = 0x22;
    uint256 internal constant CALL_GAS = 0x28;
    uint256 internal constant VERIFICATION_GAS = 0x29;
    uint256 internal constant PRE_VERIFICATION_GAS = 0x2a;
    uint256 internal constant MAX_FEE = 0x2b;

    /// @notice The value of the operand at `p`, the position after it, and whether it could be read.
    function read(Frame memory f, uint256 p) internal pure returns (uint256 value, uint256 next, bool ok) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            if (op < WORD) {
                (value, next) = constantAt(op, p + 1);
                return (value, next, true);
            }
            if (op == WORD) {
                (value, ok) = typed(
                    Calldata.word(f.arguments + 32 * Memory.number(p + 1, 1)),
                    Memory.number(p + 2, 1)
                );
                return (value, p + 3, ok && f.arguments + 32 * f.headWords <= f.end);
            }
            if (op == PATH) {
                uint256 steps = Memory.number(p + 1, 1);
                uint256 at;
                bool found;
                (at, found) = Arguments.find(f, p + 2, steps);
                p += 2 + 3 * steps;
                (value, ok) = typed(Calldata.word(at), Memory.number(p, 1));
                return (value, p + 1, ok && found);
            }
            next = p + 1;
            if (op < CALL_GAS) {
                if (op == VALUE) return (f.value, next, true);
                return (uint160(op == ACCOUNT ? f.account : f.key), next, true);
            }
            if (f.userOp != 0) return (gasField(f.userOp, op), next, true);
        }
    }

    /// @notice Whether the operand at [p, next) is an argument of type int or a negative number.
    function signed(uint256 p, uint256 next) internal pure returns (bool) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            if (op >> 1 == WORD >> 1) return Memory.number(next - 1, 1) >> 5 == 2;
            return op == NEGATIVE;
        }
    }

    /// @notice A constant of kind `op` whose bytes begin at `p`; a negative one is in two's complement.
    function constantAt(uint256 op, uint256 p) internal pure returns (uint256 value, uint256 next) {
        unchecked {
            if (op == ADDRESS) return (Memory.number(p, 20), p + 20);
            if (op == BOOL) return (Memory.number(p, 1), p + 1);
            if (op == AMOUNT) ++p;
            uint256 size = Memory.number(p, 1);
            next = p + 1 + size;
            value = Memory.number(p + 1, size);
            if (op == NEGATIVE) value = 0 - value;
        }
    }

    /// @notice The value of an ABI word of a type, and whether it is in the type's range.
    function typed(uint256 word, uint256 kind) internal pure returns (uint256 value, bool ok) {
        unchecked {
            uint256 size = (kind & 31) + 1;
            if (kind < 0x20) return (word, word >> (kind == 1 ? 160 : 1) == 0);
            if (kind < 0x40) return (word, word >> (8 * size) == 0);
            if (kind < 0x60) {
                uint256 shift = 256 - 8 * size;
                return (word, uint256(int256(word << shift) >> shift) == word);
            }
            return (word >> (256 - 8 * size), word << (8 * size) == 0);
        }
    }

    /// @notice A gas field of the UserOperation at calldata position `userOp`.
    function gasField(uint256 userOp, uint256 op) internal pure returns (uint256) {
        unchecked {
            if (op == PRE_VERIFICATION_GAS) return Calldata.word(userOp + 0xa0);
            // 0x28 and 0x29 are the halves of accountGasLimits, 0x2b and 0x2c those of gasFees; the low halves come first.
            uint256 word = Calldata.word(userOp + (op < PRE_VERIFICATION_GAS ? 0x80 : 0xc0));
            return op == CALL_GAS || op == MAX_FEE ? uint128(word) : word >> 128;
        }
    }
}
