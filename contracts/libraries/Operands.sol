// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
import {Calldata} from "./Calldata.sol";
import {Frame} from "./Frame.sol";
import {Memory} from "./Memory.sol";
import {Parts} from "./Parts.sol";
import {Places} from "./Places.sol";

/// @title The single values that conditions and charges speak of.
/// @dev Operands come from a leaf or header whose hash the module made itself (see Grant), so their form is not checked again.
library Operands {
    /// @dev Bits of an address, type 1, and of a bool, type 2, each in the byte of its type.
    uint256 private constant BITS = (160 << 240) | (1 << 232);

    uint256 internal constant NEGATIVE = 0x01;
    uint256 internal constant ADDRESS = 0x02;
    uint256 internal constant BYTES = 0x03;
    uint256 internal constant BOOL = 0x04;
    uint256 internal constant AMOUNT = 0x05;
    uint256 internal constant WORD = 0x10;
    uint256 internal constant PATH = 0x11;
    uint256 internal constant ELEMENT = 0x12;
    uint256 internal constant LENGTH = 0x13;
    uint256 internal constant SLICE = 0x14;
    uint256 internal constant MASK = 0x15;
    uint256 internal constant SUM = 0x16;
    uint256 internal constant PACKED_ELEMENT = 0x17;
    uint256 internal constant VALUE = 0x20;
    uint256 internal constant ACCOUNT = 0x21;
    uint256 internal constant KEY = 0x22;
    uint256 internal constant CALL_GAS = 0x28;
    uint256 internal constant PRE_VERIFICATION_GAS = 0x2a;
    uint256 internal constant MAX_FEE = 0x2b;

    /// @notice The value of the operand at `p` and the position after it; `flaws` is 0 where it could be read.
    function read(uint256 p) internal view returns (uint256 value, uint256 next, uint256 flaws) {
        unchecked {
            uint256 head = Memory.word(p);
            uint256 op = head >> 248;
            uint256 kind;
            if (op == WORD) {
                // op1 ‖ word1 ‖ type1
                value = Calldata.word(Frame.argumentsAt() + 32 * Bits.byteAt(head, 1));
                flaws = Bits.more(Frame.headsEnd(), Frame.dataEnd());
                kind = Bits.byteAt(head, 2);
                next = p + 3;
            } else if (op < WORD) {
                (value, next) = constantAt(op, p + 1);
                return (value, next, 0);
            } else if (op > ELEMENT) {
                if (op == VALUE) return (Frame.value(), p + 1, 0);
                if (op == ACCOUNT) return (uint160(msg.sender), p + 1, 0);
                return op < VALUE ? Parts.read(op, p + 1) : environment(op, p + 1);
            } else {
                // op1 ‖ [depth1] ‖ stepCount1 ‖ { step1 ‖ index2 }* ‖ type1
                bool ofElement = op == ELEMENT;
                (, value, next, flaws) = ofElement
                    ? Places.follow(1 + Bits.byteAt(head, 1), p + 2)
                    : Places.follow(Places.ARGUMENTS, p + 1);
                value = Calldata.word(value);
                kind = Memory.number(next, 1);
                ++next;
            }
            if (kind < 0x40) {
                // Bits that a value of the type may have.
                flaws |= value >> (Bits.byteAt(BITS, kind) + Bits.more(kind, 0x1f) * (8 * kind - 248));
            } else {
                uint256 spare = 248 - 8 * (kind & 31);
                uint256 word = value;
                if (kind < 0x60) {
                    flaws |= uint256(int256(word << spare) >> spare) ^ word;
                } else {
                    value = word >> spare;
                    flaws |= (value << spare) ^ word;
                }
            }
        }
    }

    /// @notice The key, or a field of the UserOperation, which nobody can read on the runtime path.
    function environment(uint256 op, uint256 next) private view returns (uint256 value, uint256, uint256 flaws) {
        if (op == KEY) value = Frame.key();
        else if (Frame.userOp() == 0) flaws = 1;
        else value = gasField(Frame.userOp(), op);
        return (value, next, flaws);
    }

    /// @notice Whether the operand at [p, next) is an argument or element of type int, or a negative number.
    function signed(uint256 p, uint256 next) internal pure returns (bool) {
        unchecked {
            uint256 op = Memory.number(p, 1);
            if (op - WORD < 3) return Memory.number(next - 1, 1) >> 5 == 2;
            return op == NEGATIVE;
        }
    }

    /// @notice A constant of kind `op` whose bytes begin at `p`; a negative one is in two's complement.
    function constantAt(uint256 op, uint256 p) internal pure returns (uint256 value, uint256 next) {
        unchecked {
            uint256 size = 20;
            if (op != ADDRESS) {
                size = 1;
                if (op != BOOL) {
                    if (op == AMOUNT) ++p;
                    size = Memory.number(p, 1);
                    ++p;
                }
            }
            value = Memory.number(p, size);
            next = p + size;
            if (op == NEGATIVE) value = 0 - value;
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
