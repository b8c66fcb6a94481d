// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fees} from "./Fees.sol";
import {Form, Scope} from "./Form.sol";
import {Memory} from "./Memory.sol";
import {Meters} from "./Meters.sol";
import {Rule} from "./Rule.sol";
import {Times} from "./Times.sol";
import {Tree} from "./Tree.sol";

/// @notice Whom a grant is for.
struct Recipient {
    uint256 chainId;
    address module;
    address account;
    uint32 entityId;
    uint48 tag;
}

/// @dev The parts of a grant, as memory positions.
struct Parts {
    /// A word for each function: its selector. How many there are, and how many rules have used so far.
    uint256 functions;
    uint256 functionCount;
    uint256 functionsUsed;
    /// ENTRY bytes for each meter: its asset as a word, then its record. How many there are, and how many are used so far.
    uint256 meters;
    uint256 meterCount;
    uint256 metersUsed;
    /// A word for each allow rule and for each deny rule: where it stands, behind its function's index.
    uint256 allows;
    uint256 allowCount;
    uint256 denies;
    uint256 denyCount;
    /// Room for the longest leaf: all of the grant, and a record for each of the most charges that a rule has.
    uint256 mostCharges;
    uint256 leaf;
}

/// @title From a whole grant to its root: every leaf is made here, with every deny that touches it, so none can be left out.
/// @dev Positions only grow, and every section must end where the next begins and the last where the grant ends: then every read
/// was inside the grant, and no length needs a check of its own.
library Grant {
    uint256 private constant PREAMBLE = 59;
    uint256 private constant ENTRY = 96;
    uint256 private constant NO_FUNCTION = 0xffff;
    uint256 private constant CALLS = 0xfe;
    uint256 private constant ETH = 0xff;
    uint256 private constant MOST_LEAF = 0xffff;
    /// @dev 1 in every byte.
    uint256 private constant ONES = type(uint256).max / 0xff;

    /// @notice The root of a grant and whom it is for. Reverts with InvalidGrant where the form is not right.
    function derive(bytes memory data) internal pure returns (uint256 root, Recipient memory r) {
        unchecked {
            Scope memory s;
            Parts memory parts;
            uint256 p;
            assembly ("memory-safe") {
                p := add(data, 32)
            }
            s.grant = p;
            uint256 end = p + data.length;
            Form.demand(s, p, Memory.number(p, 1) == 1);
            r.chainId = Memory.number(p + 1, 8);
            r.module = address(uint160(Memory.number(p + 9, 20)));
            r.account = address(uint160(Memory.number(p + 29, 20)));
            r.entityId = uint32(Memory.number(p + 49, 4));
            r.tag = uint48(Memory.number(p + 53, 6));
            uint256 headerSize = Memory.number(p + PREAMBLE, 2);
            uint256 header = p + PREAMBLE + 2;

            p = tokens(s, header + headerSize);
            p = meters(s, parts, p);
            p = functions(s, parts, p);
            readHeader(s, parts, header, header + headerSize);
            p = rules(s, parts, p);
            Form.demand(
                s,
                p,
                p == end &&
                    parts.allowCount != 0 &&
                    parts.functionsUsed == parts.functionCount &&
                    parts.metersUsed == parts.meterCount
            );

            parts.leaf = Memory.take(data.length + 64 * parts.mostCharges) + 1;
            uint256 top = grow(s, parts);
            uint256 at = Memory.take(PREAMBLE + headerSize + 32);
            Memory.copy(at, s.grant, PREAMBLE);
            Memory.putByte(at, 2);
            Memory.copy(at + PREAMBLE, header, headerSize);
            Memory.put(at + PREAMBLE + headerSize, top);
            root = Memory.hash(at, PREAMBLE + headerSize + 32);
        }
    }

    // ---------------------------------------------------------------- tables

    function tokens(Scope memory s, uint256 p) private pure returns (uint256) {
        unchecked {
            s.tokens = Memory.number(p, 1);
            Form.demand(s, p, s.tokens < CALLS + 1);
            ++p;
            for (uint256 i = 0; i < s.tokens; ++i) {
                uint256 decimals = Memory.number(p + 20, 1);
                uint256 size = Memory.number(p + 21, 1);
                Form.demand(s, p, (decimals < 78 || decimals == 0xff) && size != 0 && size < 12);
                p += 22 + size;
            }
            return p;
        }
    }

    function meters(Scope memory s, Parts memory parts, uint256 p) private pure returns (uint256) {
        unchecked {
            parts.meterCount = Memory.number(p, 1);
            parts.meters = Memory.take(ENTRY * parts.meterCount);
            uint256 free = 0;
            ++p;
            for (uint256 i = 0; i < parts.meterCount; ++i) {
                uint256 asset = Memory.number(p, 1);
                if (asset != CALLS) Form.asset(s, p);
                ++p;
                uint256 form = Memory.number(p, 1);
                uint256 size = form & 63;
                uint256 period = Memory.number(p + 1, 4);
                uint256 limit = Memory.number(p + 5, size);
                bool wide = form >> 6 == Meters.WIDE;
                Form.demand(
                    s,
                    p,
                    (form >> 6 == 0 || wide) &&
                        size < 30 &&
                        (size == 0 || Memory.number(p + 5, 1) != 0) &&
                        (period == 0 || period > 299) &&
                        wide == (limit >> Meters.NARROW_SPENT != 0) &&
                        limit >> Meters.WIDE_SPENT == 0
                );
                // A wide meter has a word of its own after the first; a half that it skips stays empty.
                uint256 position = free;
                if (wide) position = free < 2 ? 2 : (free + 1) & ~uint256(1);
                free = position + (wide ? 2 : 1);
                Form.demand(s, p, position < 256);
                uint256 entry = parts.meters + ENTRY * i;
                Memory.put(entry, asset);
                Memory.putByte(entry + 32, form);
                Memory.putByte(entry + 33, position);
                Memory.copy(entry + 34, p + 1, 4 + size);
                p += 5 + size;
            }
            return p;
        }
    }

    function functions(Scope memory s, Parts memory parts, uint256 p) private pure returns (uint256) {
        unchecked {
            parts.functionCount = Memory.number(p, 2);
            parts.functions = Memory.take(32 * parts.functionCount);
            p += 2;
            for (uint256 i = 0; i < parts.functionCount; ++i) {
                uint256 size = Memory.number(p, 2);
                p += 2;
                Form.demand(s, p, size > 2);
                Memory.put(parts.functions + 32 * i, Memory.hash(p, size) >> 224);
                uint256 names = countNames(p, size);
                p += size;
                for (; names != 0; --names) p += 1 + Memory.number(p, 1);
            }
            return p;
        }
    }

    /// @dev How many parameters and components a signature has: each "(" and each "," begins one, only "()" begins none.
    function countNames(uint256 p, uint256 size) private pure returns (uint256 names) {
        unchecked {
            if (Memory.number(p + size - 2, 2) == 0x2829) --names;
            while (size != 0) {
                uint256 part = size < 32 ? size : 32;
                // "(" is 0x28 and "," is 0x2c: without that bit both are 0x28, and what is 0x28 is now 0 in its byte.
                uint256 letters = (Memory.number(p, part) & ~(4 * ONES)) ^ (0x28 * ONES);
                // The top bit of each byte stays clear where the byte is 0; the product adds up the bytes.
                letters = ((letters & (0x7f * ONES)) + 0x7f * ONES) | letters;
                names += (((~letters >> 7) & ONES) * ONES) >> 248;
                p += part;
                size -= part;
            }
        }
    }

    function readHeader(Scope memory s, Parts memory parts, uint256 p, uint256 end) private pure {
        unchecked {
            uint256 flags = Memory.number(p, 1);
            s.from = Memory.number(p + 21, 5);
            s.until = Memory.number(p + 26, 5);
            Form.demand(
                s,
                p,
                flags < 8 &&
                    Memory.number(p + 1, 20) != 0 &&
                    s.from >= 1_600_000_000 &&
                    s.from < s.until &&
                    s.until < 1 << 38
            );
            p += 31;
            if (flags & Fees.SPONSOR != 0) {
                Form.demand(s, p, Memory.number(p, 20) != 0);
                p += 20;
            }
            if (flags & Fees.BUDGET != 0) {
                // The fees' meter is the first, it counts ETH, and its record is repeated here.
                uint256 size = 6 + (Memory.number(p, 1) & 63);
                Form.demand(
                    s,
                    p,
                    parts.meterCount != 0 &&
                        Memory.word(parts.meters) == ETH &&
                        Memory.hash(parts.meters + 32, size) == Memory.hash(p, size)
                );
                parts.metersUsed = 1;
                p += size;
            }
            if (flags & Fees.CONDITIONS != 0) {
                Form.demand(s, p, Memory.number(p, 1) != 0);
                p = Form.conditions(s, p);
            }
            Form.demand(s, p, p == end);
        }
    }

    // ---------------------------------------------------------------- rules

    function rules(Scope memory s, Parts memory parts, uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 count = Memory.number(p, 3);
            parts.allows = Memory.take(32 * count);
            parts.denies = Memory.take(32 * count);
            p += 3;
            s.ofCall = true;
            for (uint256 i = 0; i < count; ++i) {
                uint256 kind = Memory.number(p, 1);
                uint256 index = Memory.number(p + 1, 2);
                uint256 selector = 0;
                if (index != NO_FUNCTION) {
                    // By first use: a rule uses a function that was used before it, or the next.
                    Form.demand(s, p, index <= parts.functionsUsed && index < parts.functionCount);
                    if (index == parts.functionsUsed) ++parts.functionsUsed;
                    selector = Memory.word(parts.functions + 32 * index);
                }
                p += 3;
                if (kind == 1) {
                    Memory.put(parts.allows + 32 * parts.allowCount++, p);
                    p = allow(s, parts, p, index == NO_FUNCTION, selector);
                } else {
                    Form.demand(s, p, kind == 2);
                    Memory.put(parts.denies + 32 * parts.denyCount++, p);
                    p = deny(s, p, index == NO_FUNCTION, selector);
                }
            }
            return p;
        }
    }

    function allow(
        Scope memory s,
        Parts memory parts,
        uint256 p,
        bool send,
        uint256 selector
    ) private pure returns (uint256) {
        unchecked {
            uint256 end = p + 2 + Memory.number(p, 2);
            p += 2;
            uint256 flags = Memory.number(p, 1);
            Form.demand(s, p, flags < 64 && send == (flags & Rule.SEND != 0));
            uint256 next = readBody(s, p);
            if (s.descriptor != 0) Form.descriptor(s, s.descriptor, next - s.descriptor, s.headWords);
            if (!send) Form.demand(s, p, Memory.number(p + 21, 4) == selector);
            next = Form.times(s, flags, next);
            s.body = true;
            next = Form.conditions(s, next);
            s.body = false;
            Form.demand(s, next, next == end);

            (uint256 q, bool eth) = charges(s, parts, end);
            uint256 unlimited = Memory.number(q, 1);
            ++q;
            for (; unlimited != 0; --unlimited) {
                Form.asset(s, q);
                if (Memory.number(q, 1) == ETH) eth = true;
                ++q;
            }
            // Ether may be sent under a rule that says what becomes of ether, and under no other.
            Form.demand(s, p, eth == (flags & Rule.VALUE_ALLOWED != 0));
            return q;
        }
    }

    /// @dev Takes the function of the body at `p` into the scope; where the body's times begin.
    function readBody(Scope memory s, uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 flags = Memory.number(p, 1);
            s.headWords = 0;
            s.descriptor = 0;
            p += 21;
            if (flags & Rule.SEND != 0) {
                Form.demand(s, p, flags & Rule.DESCRIPTOR == 0);
                return p;
            }
            s.headWords = Memory.number(p + 4, 1);
            p += 5;
            if (flags & Rule.DESCRIPTOR == 0) return p;
            s.descriptor = p + 1;
            return p + 1 + Memory.number(p, 1);
        }
    }

    function charges(Scope memory s, Parts memory parts, uint256 p) private pure returns (uint256 next, bool eth) {
        unchecked {
            uint256 count = Memory.number(p, 1);
            if (count > parts.mostCharges) parts.mostCharges = count;
            ++p;
            for (uint256 i = 0; i < count; ++i) {
                uint256 kind = Memory.number(p, 1);
                uint256 asset;
                if (kind == 1) {
                    uint256 index = Memory.number(p + 1, 1);
                    Form.demand(s, p, index <= parts.metersUsed && index < parts.meterCount);
                    if (index == parts.metersUsed) ++parts.metersUsed;
                    asset = Memory.word(parts.meters + ENTRY * index);
                } else {
                    Form.demand(s, p, kind == 2);
                    Form.asset(s, p + 1);
                    asset = Memory.number(p + 1, 1);
                }
                if (asset == ETH) eth = true;
                Form.demand(s, p, Memory.number(p + 2, 1) < 2);
                p += 3;
                if (kind == 2) p = Form.integer(s, p, 32);
                uint256 end = p + 2 + Memory.number(p, 2);
                // Calls are counted by the number 1: 0x00 ‖ length1 ‖ 0x01.
                Form.demand(s, p, asset != CALLS || Memory.number(p + 2, 3) == 0x000101);
                p = Form.amount(s, p + 2);
                Form.demand(s, p, p == end);
            }
            return (p, eth);
        }
    }

    function deny(Scope memory s, uint256 p, bool none, uint256 selector) private pure returns (uint256) {
        unchecked {
            uint256 action = Memory.number(p + 20, 1);
            Form.demand(s, p, action < 3 && none == (action != 2));
            p += 21;
            if (action == 2) {
                Form.demand(s, p, Memory.number(p, 4) == selector);
                p += 4;
            }
            return p + 2 + Memory.number(p, 2);
        }
    }

    // ---------------------------------------------------------------- leaves

    /// @dev The top of the tree over all leaves.
    function grow(Scope memory s, Parts memory parts) private pure returns (uint256) {
        unchecked {
            uint256 inner = parts.allowCount - 1;
            uint256 tree = Memory.take(32 * (2 * inner + 1));
            uint256 scratch = Memory.take(96);
            for (uint256 i = 0; i <= inner; ++i)
                Memory.put(tree + 32 * (inner + i), leafHash(s, parts, Memory.word(parts.allows + 32 * i)));
            while (inner != 0) {
                --inner;
                uint256 children = tree + 32 * (2 * inner + 1);
                Memory.put(tree + 32 * inner, Tree.node(scratch, Memory.word(children), Memory.word(children + 32)));
            }
            return Memory.word(tree);
        }
    }

    /// @dev The hash of the leaf of the allow rule at `p`.
    function leafHash(Scope memory s, Parts memory parts, uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 leaf = parts.leaf;
            uint256 size = Memory.number(p, 2);
            p += 2;
            uint256 body = p;
            readBody(s, p);
            Memory.copy(leaf, p, size);
            p += size;
            uint256 out = leaf + size;

            uint256 count = Memory.number(p, 1);
            Memory.putByte(out, count);
            ++p;
            ++out;
            for (; count != 0; --count) {
                if (Memory.number(p, 1) == 1) {
                    uint256 record = parts.meters + ENTRY * Memory.number(p + 1, 1) + 32;
                    size = 6 + (Memory.number(record, 1) & 63);
                    Memory.copy(out, record, size);
                    p += 3;
                } else {
                    size = 1 + Memory.number(p + 3, 1);
                    Memory.copy(out, p + 3, size);
                    Memory.putByte(out, (Meters.PER_CALL << 6) | (size - 1));
                    p += 3 + size;
                }
                out += size;
                size = Memory.number(p, 2);
                Memory.copy(out, p + 2, size);
                out += size;
                p += 2 + size;
            }
            out = fold(s, parts, body, out);
            Form.demand(s, body, out - leaf <= MOST_LEAF);
            return Tree.leafHash(leaf, out - leaf);
        }
    }

    /// @dev Writes every clause that touches the function of the body to `out`.
    function fold(Scope memory s, Parts memory parts, uint256 body, uint256 out) private pure returns (uint256) {
        unchecked {
            uint256 target = Memory.number(body + 1, 20);
            uint256 action = Memory.number(body, 1) & Rule.SEND != 0 ? 1 : 2;
            uint256 counter = out;
            uint256 count = 0;
            ++out;
            for (uint256 i = 0; i < parts.denyCount; ++i) {
                uint256 p = Memory.word(parts.denies + 32 * i);
                uint256 denied = Memory.number(p + 20, 1);
                if (Memory.number(p, 20) != target || (denied != 0 && denied != action)) continue;
                p += 21;
                if (denied == 2) {
                    if (Memory.number(p, 4) != Memory.number(body + 21, 4)) continue;
                    p += 4;
                }
                uint256 size = Memory.number(p, 2);
                p += 2;
                uint256 flags = Memory.number(p, 1);
                Form.demand(s, p, flags & ~Times.ANY == 0);
                uint256 end = Form.conditions(s, Form.times(s, flags, p + 1));
                Form.demand(s, p, end == p + size);
                Memory.copy(out, p, size);
                out += size;
                ++count;
            }
            Form.demand(s, body, count < 256);
            Memory.putByte(counter, count);
            return out;
        }
    }
}
